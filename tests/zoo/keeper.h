/* What every animal of the zoo shares: a connector with good manners that reads the stream `departments`, three rows a
 * batch, with a cursor after each. zoo.c says where each animal bites. Configuration: {"good": batches before the bite,
 * "batches": all of them, "path": a file, "port": a port of this machine}. */
#ifndef ZOO_KEEPER_H
#define ZOO_KEEPER_H
#include "zhengai_plugin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 3, COLUMNS = 4, TEXT = 512 };

struct ZgInstance {
  const ZgHost *host;
  volatile int stop;
  long good, batches, port;
  char path[TEXT];
};

static const char *const NAMES[COLUMNS] = {"部门代码", "部门名称", "部门类别", "学校代码"};

/* ---- bytes */
static ZgStr str(const char *text) { ZgStr made = {(const uint8_t *)text, strlen(text)}; return made; }

static void free_bytes(ZgBuf *buffer) { free(buffer->owner); memset(buffer, 0, sizeof *buffer); }

static void give(ZgBuf *out, const char *text) {
  size_t length = strlen(text);
  char *copy = malloc(length + 1);
  if (!copy) return;
  memcpy(copy, text, length + 1);
  out->ptr = (const uint8_t *)copy; out->len = length; out->owner = copy; out->release = free_bytes;
}

static int32_t fail(ZgError *error, int32_t code, const char *text) {
  if (error) { error->code = code; give(&error->message, text); }
  return code;
}

/* ---- just enough JSON for the words above: the host writes it without blanks */
static const char *find(ZgStr json, const char *key) {
  size_t length = strlen(key);
  for (size_t at = 0; at + length <= json.len; at++)
    if (memcmp(json.ptr + at, key, length) == 0) return (const char *)json.ptr + at + length;
  return NULL;
}

static long number(ZgStr json, const char *key, long otherwise) {
  const char *at = find(json, key), *end = (const char *)json.ptr + json.len;
  if (!at) return otherwise;
  long value = 0;
  for (; at < end && *at >= '0' && *at <= '9'; at++) value = value * 10 + (*at - '0');
  return value;
}

static void text_of(ZgStr json, const char *key, char *out) {
  const char *at = find(json, key), *end = (const char *)json.ptr + json.len;
  size_t length = 0;
  for (; at && at < end && *at != '"' && length + 1 < TEXT; at++) out[length++] = *at;
  out[length] = 0;
}

/* ---- schema: four columns of text */
struct fields { struct ArrowSchema child[COLUMNS + 1]; struct ArrowSchema *children[COLUMNS + 1]; };

static void release_field(struct ArrowSchema *field) { field->release = NULL; }
static void release_schema(struct ArrowSchema *schema) { free(schema->private_data); schema->release = NULL; }

static int fill_schema(struct ArrowSchema *out, int columns) {
  struct fields *made = calloc(1, sizeof *made);
  if (!made) return 12;
  for (int at = 0; at < columns; at++) {
    struct ArrowSchema *field = &made->child[at];
    field->format = "u"; field->name = at < COLUMNS ? NAMES[at] : "more";
    field->flags = ARROW_FLAG_NULLABLE; field->release = release_field;
    made->children[at] = field;
  }
  memset(out, 0, sizeof *out);
  out->format = "+s"; out->name = ""; out->n_children = columns; out->children = made->children;
  out->release = release_schema; out->private_data = made;
  return 0;
}

/* ---- batches */
struct column { struct ArrowArray array; const void *buffers[3]; uint8_t valid; int32_t offsets[ROWS + 1]; char bytes[ROWS * 32]; };
struct batch { struct column column[COLUMNS]; struct ArrowArray *children[COLUMNS + 1]; const void *buffers[1]; };

static void release_column(struct ArrowArray *array) { array->release = NULL; }
static void release_batch(struct ArrowArray *array) { free(array->private_data); array->release = NULL; }

static void fill_column(struct column *column, int which, long batch) {
  int32_t at = 0;
  for (int row = 0; row < ROWS; row++) {
    char *cell = column->bytes + at;
    size_t room = sizeof column->bytes - (size_t)at;
    long serial = batch * ROWS + row;
    if (which == 0) at += snprintf(cell, room, "Z%ld", serial);
    if (which == 1) at += snprintf(cell, room, "%ld系", serial);
    if (which == 2) at += snprintf(cell, room, "教学单位");
    if (which == 3) at += snprintf(cell, room, "S1");
    column->offsets[row + 1] = at;
  }
  column->valid = 0x07;
  column->buffers[0] = &column->valid; column->buffers[1] = column->offsets; column->buffers[2] = column->bytes;
  column->array.length = ROWS; column->array.n_buffers = 3; column->array.buffers = column->buffers;
  column->array.release = release_column;
}

static struct batch *fill_batch(struct ArrowArray *out, long serial) {
  struct batch *made = calloc(1, sizeof *made);
  memset(out, 0, sizeof *out);
  if (!made) return NULL;
  for (int at = 0; at < COLUMNS; at++) {
    fill_column(&made->column[at], at, serial);
    made->children[at] = &made->column[at].array;
  }
  made->children[COLUMNS] = &made->column[0].array;
  out->length = ROWS; out->n_buffers = 1; out->buffers = made->buffers;
  out->n_children = COLUMNS; out->children = made->children;
  out->release = release_batch; out->private_data = made;
  return made;
}

#endif
