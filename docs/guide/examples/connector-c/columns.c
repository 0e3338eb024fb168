/* Arrow by hand. Each column has three buffers: validity bits, 32-bit offsets, bytes. Every child owns its own memory,
 * because a consumer may move it out of the batch and release it later than the batch. */
#include "columns.h"
#include <stdlib.h>
#include <string.h>

struct column { uint8_t *valid; int32_t *offsets; char *bytes; size_t room; int64_t nulls; const void *buffers[3]; };

/* Also what a batch owns: the shells of its children, but not their columns. */
struct columns {
  size_t count, rows, room, bytes;
  struct column **column;
  struct ArrowArray *arrays, **children;
  const void *no_validity[1];            /* of the batch itself: no row is null */
};

static void free_column(struct column *column) {
  if (!column) return;
  free(column->valid); free(column->offsets); free(column->bytes);
  free(column);
}

void columns_free(struct columns *columns) {
  if (!columns) return;
  for (size_t at = 0; columns->column && at < columns->count; at++) free_column(columns->column[at]);
  free(columns->column); free(columns->arrays); free(columns->children);
  free(columns);
}

struct columns *columns_new(size_t count) {
  struct columns *made = calloc(1, sizeof *made);
  if (!made) return NULL;
  made->count = count;
  made->column = calloc(count + 1, sizeof *made->column);
  made->arrays = calloc(count + 1, sizeof *made->arrays);
  made->children = calloc(count + 1, sizeof *made->children);
  int good = made->column && made->arrays && made->children;
  for (size_t at = 0; good && at < count; at++) good = (made->column[at] = calloc(1, sizeof **made->column)) != NULL;
  if (good) return made;
  columns_free(made);
  return NULL;
}

/* Room for one more row in every column. */
static bool grow(struct columns *columns) {
  if (columns->rows < columns->room) return true;
  size_t before = columns->room, room = before == 0 ? 1024 : before * 2;
  for (size_t at = 0; at < columns->count; at++) {
    struct column *column = columns->column[at];
    uint8_t *valid = realloc(column->valid, room / 8);
    if (!valid) return false;
    memset(valid + before / 8, 0, (room - before) / 8);
    column->valid = valid;
    int32_t *offsets = realloc(column->offsets, (room + 1) * sizeof *offsets);
    if (!offsets) return false;
    if (before == 0) offsets[0] = 0;
    column->offsets = offsets;
  }
  columns->room = room;
  return true;
}

static bool add_cell(struct column *column, size_t row, const char *cell, size_t length) {
  size_t start = (size_t)column->offsets[row];
  if (length > (size_t)INT32_MAX - start) return false;
  if (start + length > column->room) {
    size_t room = (start + length) * 2;
    char *bytes = realloc(column->bytes, room);
    if (!bytes) return false;
    column->bytes = bytes; column->room = room;
  }
  if (length > 0) {
    memcpy(column->bytes + start, cell, length);
    column->valid[row / 8] |= (uint8_t)(1u << row % 8);
  } else {
    column->nulls++;
  }
  column->offsets[row + 1] = (int32_t)(start + length);
  return true;
}

bool columns_add(struct columns *columns, const char *const *cells, const size_t *lengths) {
  if (!grow(columns)) return false;
  for (size_t at = 0; at < columns->count; at++) {
    if (!add_cell(columns->column[at], columns->rows, cells[at], lengths[at])) return false;
    columns->bytes += lengths[at];
  }
  columns->rows++;
  return true;
}

size_t columns_rows(const struct columns *columns) { return columns->rows; }
size_t columns_bytes(const struct columns *columns) { return columns->bytes; }

static void release_column(struct ArrowArray *array) {
  free_column(array->private_data);
  array->release = NULL;
}

static void release_batch(struct ArrowArray *array) {
  for (int64_t at = 0; at < array->n_children; at++)
    if (array->children[at]->release) array->children[at]->release(array->children[at]);
  columns_free(array->private_data);
  array->release = NULL;
}

void columns_finish(struct columns *columns, struct ArrowArray *out) {
  memset(out, 0, sizeof *out);
  for (size_t at = 0; at < columns->count; at++) {
    struct column *column = columns->column[at];
    struct ArrowArray *array = &columns->arrays[at];
    column->buffers[0] = column->valid;
    column->buffers[1] = column->offsets;
    column->buffers[2] = column->bytes ? column->bytes : "";
    array->length = (int64_t)columns->rows; array->null_count = column->nulls;
    array->n_buffers = 3; array->buffers = column->buffers;
    array->release = release_column; array->private_data = column;
    columns->column[at] = NULL;
    columns->children[at] = array;
  }
  out->length = (int64_t)columns->rows; out->n_buffers = 1; out->buffers = columns->no_validity;
  out->n_children = (int64_t)columns->count; out->children = columns->children;
  out->release = release_batch; out->private_data = columns;
}

/* ---- schema */
struct shells { struct ArrowSchema *fields, **children; };

static void release_field(struct ArrowSchema *field) {
  free(field->private_data);
  field->release = NULL;
}

static void release_schema(struct ArrowSchema *schema) {
  struct shells *shells = schema->private_data;
  for (int64_t at = 0; at < schema->n_children; at++)
    if (schema->children[at]->release) schema->children[at]->release(schema->children[at]);
  free(shells->fields); free(shells->children); free(shells);
  schema->release = NULL;
}

bool columns_schema(char *const *names, size_t count, struct ArrowSchema *out) {
  struct shells *shells = calloc(1, sizeof *shells);
  if (!shells) return false;
  shells->fields = calloc(count + 1, sizeof *shells->fields);
  shells->children = calloc(count + 1, sizeof *shells->children);
  memset(out, 0, sizeof *out);
  out->format = "+s"; out->name = ""; out->children = shells->children;
  out->release = release_schema; out->private_data = shells;
  bool good = shells->fields && shells->children;
  for (size_t at = 0; good && at < count; at++) {
    struct ArrowSchema *field = &shells->fields[at];
    size_t length = strlen(names[at]) + 1;
    char *name = malloc(length);
    good = name != NULL;
    if (!good) break;
    memcpy(name, names[at], length);
    field->format = "u"; field->name = name; field->private_data = name;
    field->flags = ARROW_FLAG_NULLABLE; field->release = release_field;
    shells->children[at] = field;
    out->n_children++;
  }
  if (!good) out->release(out);
  return good;
}
