/* The file: a journal that others append to, one line a record, cells apart by tabs, the first line naming them. */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H
#include "fault.h"
#include <stdbool.h>
#include <stdio.h>

enum { LINE_LIMIT = 64 * 1024, CELL_LIMIT = 256 };

/* Where a read goes on: the byte after the last line that was taken, the number of that line, and a fingerprint of the
   header by which another file under the same name is told apart. */
struct cursor { int64_t offset, line; uint64_t head; };

struct journal {
  FILE *file;
  const char *path;                      /* the configuration's, which lives longer */
  int64_t size;                          /* when it was opened; what is appended later is the next read's */
  struct cursor at;
  size_t count;                          /* columns */
  char *names[CELL_LIMIT];
  char *line;                            /* LINE_LIMIT bytes and a NUL; the cells below point into it */
  size_t cells;
  const char *cell[CELL_LIMIT];
  size_t length[CELL_LIMIT];
};

/* Opens it and reads its header. On an error nothing is left open. */
int32_t journal_open(struct journal *journal, const char *path, struct fault *fault);
void journal_close(struct journal *journal);
/* The position of a column; -1 when there is none of this name. */
int journal_column(const struct journal *journal, const char *name);
/* Goes to a cursor of an earlier read. Refuses one that another file gave; one beyond the end has nothing to read. */
int32_t journal_resume(struct journal *journal, const struct cursor *from, struct fault *fault);

enum line { LINE_GOOD, LINE_BAD, LINE_END, LINE_FAILED };
/* The next complete line as cells. A line that its writer has not finished is left for the next read. After LINE_BAD the
   fault says why, the cursor is past the line, and reading may go on. */
enum line journal_next(struct journal *journal, struct fault *fault);
#endif
