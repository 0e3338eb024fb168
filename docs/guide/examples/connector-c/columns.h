/* Arrow over columns of text: the schema, and batches that own what they point to. */
#ifndef JOURNAL_COLUMNS_H
#define JOURNAL_COLUMNS_H
#include "zhengai_plugin.h"
#include <stdbool.h>

/* Columns that are being filled. A cell without bytes is null: an empty cell of a log says nothing, never "". */
struct columns;

struct columns *columns_new(size_t count);
void columns_free(struct columns *columns);
/* One row; `cells` and `lengths` hold one entry for each column. False without memory. */
bool columns_add(struct columns *columns, const char *const *cells, const size_t *lengths);
size_t columns_rows(const struct columns *columns);
size_t columns_bytes(const struct columns *columns);
/* Turns the columns into a batch that owns them. */
void columns_finish(struct columns *columns, struct ArrowArray *out);

/* A struct of text columns with these names, which are copied. False without memory. */
bool columns_schema(char *const *names, size_t count, struct ArrowSchema *out);
#endif
