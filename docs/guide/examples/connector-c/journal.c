/* Reading the journal line by line, with a cursor that is always between two lines. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#include "journal.h"
#include "json.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int32_t no_memory(struct fault *fault) {
  return fault_set(fault, ZG_E_SYSTEM, "journal-no-memory", "", "there is no memory left");
}

/* What the system said about the file, by who must act. */
static int32_t system_fault(struct fault *fault, const char *path, int why) {
  switch (why) {
    case ENOENT: case ENOTDIR:
      fault_set(fault, ZG_E_CONFIG, "journal-not-there", "/path", "the file is not there");
      break;
    case EACCES: case EPERM:
      fault_set(fault, ZG_E_AUTH, "journal-not-allowed", "/path", "the file may not be read");
      break;
    default:
      fault_set(fault, ZG_E_SYSTEM, "journal-system", "/path", strerror(why));
      fault_arg(fault, "reason", strerror(why));
  }
  fault_arg(fault, "path", path);
  return fault->code;
}

static int32_t line_fault(struct fault *fault, int64_t line, const char *key, const char *text) {
  fault_set(fault, ZG_E_DATA, key, "", text);
  fault_arg_int(fault, "line", line);
  return fault->code;
}

/* FNV-1a: tells files apart, and is not meant to keep anybody out. */
static uint64_t fingerprint(const char *bytes, size_t length) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (size_t at = 0; at < length; at++) hash = (hash ^ (unsigned char)bytes[at]) * UINT64_C(1099511628211);
  return hash;
}

enum span { SPAN_LINE, SPAN_LONG, SPAN_END, SPAN_FAILED };

/* One line without its end into `journal->line`; the cursor moves past it only when it is complete. */
static enum span read_line(struct journal *journal, size_t *length) {
  int64_t taken = 0, left = journal->size - journal->at.offset;
  size_t kept = 0;
  int c = 0;
  while (taken < left && c != '\n') {
    c = getc(journal->file);
    if (c == EOF) break;
    taken++;
    if (c == '\n') break;
    if (kept <= LINE_LIMIT) journal->line[kept++] = (char)c;
  }
  if (c == EOF && ferror(journal->file)) return SPAN_FAILED;
  if (c != '\n') return SPAN_END;
  journal->at.offset += taken;
  journal->at.line++;
  if (kept > LINE_LIMIT) return SPAN_LONG;
  if (kept > 0 && journal->line[kept - 1] == '\r') kept--;
  journal->line[kept] = 0;
  *length = kept;
  return SPAN_LINE;
}

/* Cuts the line at its tabs. False when there are more cells than any journal has. */
static bool cut(struct journal *journal, size_t length) {
  char *start = journal->line, *end = journal->line + length;
  journal->cells = 0;
  for (;;) {
    char *tab = memchr(start, '\t', (size_t)(end - start));
    if (journal->cells == CELL_LIMIT) return false;
    journal->cell[journal->cells] = start;
    journal->length[journal->cells++] = (size_t)((tab ? tab : end) - start);
    if (!tab) return true;
    start = tab + 1;
  }
}

static bool is_text(const char *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    size_t step = utf8_step((const uint8_t *)bytes + at, length - at);
    if (step == 0 || bytes[at] == 0) return false;
    at += step;
  }
  return true;
}

static int32_t read_header(struct journal *journal, struct fault *fault) {
  static const char mark[] = "\xef\xbb\xbf";
  size_t length = 0;
  enum span span = read_line(journal, &length);
  if (span == SPAN_FAILED) return system_fault(fault, journal->path, errno);
  if (span == SPAN_END) return fault_set(fault, ZG_E_DATA, "journal-empty", "", "there is no complete line in the file");
  if (span == SPAN_LONG || !is_text(journal->line, length))
    return line_fault(fault, 1, "journal-not-text", "line 1 is too long or not UTF-8");
  if (length >= 3 && memcmp(journal->line, mark, 3) == 0) memmove(journal->line, journal->line + 3, length -= 3);
  journal->line[length] = 0;
  journal->at.head = fingerprint(journal->line, length);
  if (!cut(journal, length)) return line_fault(fault, 1, "journal-header", "line 1 has too many columns");
  for (size_t at = 0; at < journal->cells; at++) {
    char *name = malloc(journal->length[at] + 1);
    if (!name) return no_memory(fault);
    memcpy(name, journal->cell[at], journal->length[at]);
    name[journal->length[at]] = 0;
    bool twice = journal_column(journal, name) >= 0;
    journal->names[journal->count++] = name;
    if (twice || !name[0]) return line_fault(fault, 1, "journal-header", "line 1 has a column twice, or one without a name");
  }
  return ZG_OK;
}

int32_t journal_open(struct journal *journal, const char *path, struct fault *fault) {
  struct stat about;
  memset(journal, 0, sizeof *journal);
  journal->path = path;
  journal->line = malloc(LINE_LIMIT + 2);
  if (!journal->line) return no_memory(fault);
  journal->file = fopen(path, "rb");
  if (!journal->file || fstat(fileno(journal->file), &about) != 0) {
    system_fault(fault, path, errno);
  } else if (!S_ISREG(about.st_mode)) {
    fault_set(fault, ZG_E_CONFIG, "journal-no-file", "/path", "this is not a file");
    fault_arg(fault, "path", path);
  } else {
    journal->size = about.st_size;
    if (read_header(journal, fault) == ZG_OK) return ZG_OK;
  }
  journal_close(journal);
  return fault->code;
}

void journal_close(struct journal *journal) {
  if (journal->file) fclose(journal->file);
  for (size_t at = 0; at < journal->count; at++) free(journal->names[at]);
  free(journal->line);
  memset(journal, 0, sizeof *journal);
}

int journal_column(const struct journal *journal, const char *name) {
  for (size_t at = 0; at < journal->count; at++)
    if (strcmp(journal->names[at], name) == 0) return (int)at;
  return -1;
}

int32_t journal_resume(struct journal *journal, const struct cursor *from, struct fault *fault) {
  if (from->head != journal->at.head || from->offset < journal->at.offset)
    return fault_set(fault, ZG_E_DATA, "journal-replaced", "", "the file is another one than at the last read: read it in full");
  if (from->offset <= journal->size) {
    /* The byte before the cursor ends a line, or somebody has written into what was read. */
    if (fseeko(journal->file, (off_t)(from->offset - 1), SEEK_SET) != 0) return system_fault(fault, journal->path, errno);
    if (getc(journal->file) != '\n')
      return fault_set(fault, ZG_E_DATA, "journal-replaced", "", "the file was changed before the place of the last read: read it in full");
  }
  journal->at = *from;
  return ZG_OK;
}

enum line journal_next(struct journal *journal, struct fault *fault) {
  size_t length = 0;
  int64_t line = journal->at.line + 1;
  switch (read_line(journal, &length)) {
    case SPAN_END: return LINE_END;
    case SPAN_FAILED: system_fault(fault, journal->path, errno); return LINE_FAILED;
    case SPAN_LONG: line_fault(fault, line, "journal-not-text", "a line is too long"); return LINE_BAD;
    case SPAN_LINE: break;
  }
  if (!is_text(journal->line, length)) { line_fault(fault, line, "journal-not-text", "a line is not UTF-8"); return LINE_BAD; }
  if (!cut(journal, length) || journal->cells != journal->count) {
    line_fault(fault, line, "journal-cells", "a line has other cells than the header");
    fault_arg_int(fault, "cells", (int64_t)journal->cells);
    fault_arg_int(fault, "wanted", (int64_t)journal->count);
    return LINE_BAD;
  }
  return LINE_GOOD;
}
