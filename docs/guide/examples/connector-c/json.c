/* The JSON reader: recursive, with a limit on depth, one allocation for each value. */
#include "json.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 64 };

struct reader { const uint8_t *text; size_t length, at; struct json_fault *fault; };

static bool refuse(struct reader *r, const char *rule) {
  if (!r->fault->rule) { r->fault->at = r->at; r->fault->rule = rule; }
  return false;
}

static int peek(const struct reader *r) { return r->at < r->length ? r->text[r->at] : -1; }

static void skip_blanks(struct reader *r) {
  for (int c = peek(r); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(r)) r->at++;
}

size_t utf8_step(const uint8_t *b, size_t length) {
  if (length == 0) return 0;
  if (b[0] < 0x80) return 1;
  size_t wanted = b[0] >= 0xc2 && b[0] <= 0xdf ? 2 : (b[0] & 0xf0) == 0xe0 ? 3 : b[0] >= 0xf0 && b[0] <= 0xf4 ? 4 : 0;
  if (wanted == 0 || length < wanted) return 0;
  for (size_t at = 1; at < wanted; at++) if ((b[at] & 0xc0) != 0x80) return 0;
  if (b[0] == 0xe0 && b[1] < 0xa0) return 0;                          /* longer than it need be */
  if (b[0] == 0xed && b[1] > 0x9f) return 0;                          /* half of a surrogate pair */
  if (b[0] == 0xf0 && b[1] < 0x90) return 0;
  if (b[0] == 0xf4 && b[1] > 0x8f) return 0;                          /* beyond U+10FFFF */
  return wanted;
}

/* ---- texts */
void text_add(struct text *text, const char *bytes, size_t length) {
  if (text->failed || length > SIZE_MAX / 4 - text->length) { text->failed = true; return; }
  if (text->length + length + 1 > text->room) {
    size_t room = (text->length + length + 1) * 2;
    char *grown = realloc(text->bytes, room);
    if (!grown) { text->failed = true; return; }
    text->bytes = grown; text->room = room;
  }
  if (length > 0) memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = 0;
}

void text_put(struct text *text, const char *words) { text_add(text, words, strlen(words)); }

void text_int(struct text *text, int64_t number) {
  char digits[24];
  int count = snprintf(digits, sizeof digits, "%lld", (long long)number);
  text_add(text, digits, (size_t)count);
}

void text_json(struct text *text, const char *bytes, size_t length) {
  text_put(text, "\"");
  for (size_t at = 0; at < length;) {
    unsigned char c = (unsigned char)bytes[at];
    size_t step = utf8_step((const uint8_t *)bytes + at, length - at);
    char escape[8];
    if (step == 0) { text_put(text, "\xef\xbf\xbd"); at++; continue; }
    if (c == '"' || c == '\\') { escape[0] = '\\'; escape[1] = (char)c; text_add(text, escape, 2); }
    else if (c < 0x20) { snprintf(escape, sizeof escape, "\\u%04x", c); text_put(text, escape); }
    else text_add(text, bytes + at, step);
    at += step;
  }
  text_put(text, "\"");
}

static void add_code_point(struct text *out, uint32_t code) {
  char b[4];
  size_t length = 0;
  if (code < 0x80) b[length++] = (char)code;
  else if (code < 0x800) { b[length++] = (char)(0xc0 | code >> 6); b[length++] = (char)(0x80 | (code & 0x3f)); }
  else if (code < 0x10000) {
    b[length++] = (char)(0xe0 | code >> 12); b[length++] = (char)(0x80 | (code >> 6 & 0x3f));
    b[length++] = (char)(0x80 | (code & 0x3f));
  } else {
    b[length++] = (char)(0xf0 | code >> 18); b[length++] = (char)(0x80 | (code >> 12 & 0x3f));
    b[length++] = (char)(0x80 | (code >> 6 & 0x3f)); b[length++] = (char)(0x80 | (code & 0x3f));
  }
  text_add(out, b, length);
}

/* ---- strings */
static bool read_hex(struct reader *r, uint32_t *out) {
  *out = 0;
  for (int digit = 0; digit < 4; digit++, r->at++) {
    int c = peek(r);
    uint32_t value = c >= '0' && c <= '9' ? (uint32_t)(c - '0')
                   : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                   : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10) : 16;
    if (value == 16) return refuse(r, "\\u must be followed by four hexadecimal digits");
    *out = *out << 4 | value;
  }
  return true;
}

static bool read_unicode(struct reader *r, struct text *out) {
  uint32_t code, low;
  if (!read_hex(r, &code)) return false;
  if (code >= 0xdc00 && code <= 0xdfff) return refuse(r, "the second half of a surrogate pair stands alone");
  if (code >= 0xd800 && code <= 0xdbff) {
    if (r->length - r->at < 2 || r->text[r->at] != '\\' || r->text[r->at + 1] != 'u')
      return refuse(r, "the first half of a surrogate pair stands alone");
    r->at += 2;
    if (!read_hex(r, &low)) return false;
    if (low < 0xdc00 || low > 0xdfff) return refuse(r, "the first half of a surrogate pair stands alone");
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  add_code_point(out, code);
  return true;
}

static bool read_escape(struct reader *r, struct text *out) {
  int c = peek(r);
  r->at++;
  switch (c) {
    case '"': case '\\': case '/': { char same = (char)c; text_add(out, &same, 1); return true; }
    case 'b': text_add(out, "\b", 1); return true;
    case 'f': text_add(out, "\f", 1); return true;
    case 'n': text_add(out, "\n", 1); return true;
    case 'r': text_add(out, "\r", 1); return true;
    case 't': text_add(out, "\t", 1); return true;
    case 'u': return read_unicode(r, out);
    default: r->at--; return refuse(r, "no such escape");
  }
}

/* Reads what stands between quotes; the reader is at the first one. */
static bool read_string(struct reader *r, char **bytes, size_t *length) {
  struct text out = {0};
  bool good = true;
  r->at++;
  text_add(&out, "", 0);
  while (good) {
    int c = peek(r);
    if (c == '"') { r->at++; break; }
    if (c < 0) good = refuse(r, "a string has no end");
    else if (c < 0x20) good = refuse(r, "control characters in a string must be escaped");
    else if (c == '\\') { r->at++; good = read_escape(r, &out); }
    else {
      size_t step = utf8_step(r->text + r->at, r->length - r->at);
      if (step == 0) good = refuse(r, "this is not UTF-8");
      else { text_add(&out, (const char *)r->text + r->at, step); r->at += step; }
    }
  }
  if (good && out.failed) good = refuse(r, "no memory");
  if (!good) { free(out.bytes); return false; }
  *bytes = out.bytes; *length = out.length;
  return true;
}

/* ---- numbers */
static bool digits(struct reader *r) {
  size_t start = r->at;
  while (peek(r) >= '0' && peek(r) <= '9') r->at++;
  return r->at > start ? true : refuse(r, "a digit is missing");
}

static bool read_number(struct reader *r, struct json *out) {
  char copy[64];
  size_t start = r->at;
  bool whole = true;
  if (peek(r) == '-') r->at++;
  if (peek(r) == '0') r->at++;
  else if (!digits(r)) return false;
  if (peek(r) == '.') { whole = false; r->at++; if (!digits(r)) return false; }
  if (peek(r) == 'e' || peek(r) == 'E') {
    whole = false; r->at++;
    if (peek(r) == '+' || peek(r) == '-') r->at++;
    if (!digits(r)) return false;
  }
  size_t length = r->at - start;
  if (length >= sizeof copy) return refuse(r, "a number has too many digits");
  memcpy(copy, r->text + start, length);
  copy[length] = 0;
  out->kind = JSON_NUMBER;
  errno = 0;
  out->whole = whole ? strtoll(copy, NULL, 10) : 0;
  out->is_whole = whole && errno == 0;
  return true;
}

/* ---- values */
static struct json *read_value(struct reader *r, int depth);

static bool same_key(const struct json *a, const struct json *b) {
  return a->key_length == b->key_length && memcmp(a->key, b->key, a->key_length) == 0;
}

static bool read_member(struct reader *r, struct json *into, struct json ***last, int depth) {
  char *key = NULL;
  size_t key_length = 0;
  if (into->kind == JSON_OBJECT) {
    if (peek(r) != '"') return refuse(r, "a name in quotes is expected");
    if (!read_string(r, &key, &key_length)) return false;
    skip_blanks(r);
    if (peek(r) != ':') { free(key); return refuse(r, "a colon is expected"); }
    r->at++;
  }
  struct json *member = read_value(r, depth + 1);
  if (!member) { free(key); return false; }
  member->key = key; member->key_length = key_length;
  for (struct json *other = into->first; key && other; other = other->next)
    if (same_key(other, member)) { json_free(member); return refuse(r, "a name stands twice in one object"); }
  **last = member;
  *last = &member->next;
  return true;
}

static bool read_members(struct reader *r, struct json *into, char end, int depth) {
  struct json **last = &into->first;
  if (depth >= DEPTH) return refuse(r, "values are nested too deeply");
  r->at++;
  skip_blanks(r);
  if (peek(r) == end) { r->at++; return true; }
  for (;;) {
    skip_blanks(r);
    if (!read_member(r, into, &last, depth)) return false;
    skip_blanks(r);
    int c = peek(r);
    if (c != end && c != ',') return refuse(r, "a comma or the closing bracket is expected");
    r->at++;
    if (c == end) return true;
  }
}

static bool read_word(struct reader *r, struct json *out, const char *word, enum json_kind kind) {
  size_t length = strlen(word);
  if (r->length - r->at < length || memcmp(r->text + r->at, word, length) != 0) return refuse(r, "a value is expected");
  r->at += length;
  out->kind = kind;
  return true;
}

static struct json *read_value(struct reader *r, int depth) {
  struct json *out = calloc(1, sizeof *out);
  bool good;
  if (!out) { refuse(r, "no memory"); return NULL; }
  skip_blanks(r);
  switch (peek(r)) {
    case '{': out->kind = JSON_OBJECT; good = read_members(r, out, '}', depth); break;
    case '[': out->kind = JSON_ARRAY; good = read_members(r, out, ']', depth); break;
    case '"': out->kind = JSON_STRING; good = read_string(r, &out->text, &out->length); break;
    case 't': good = read_word(r, out, "true", JSON_TRUE); break;
    case 'f': good = read_word(r, out, "false", JSON_FALSE); break;
    case 'n': good = read_word(r, out, "null", JSON_NULL); break;
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
      good = read_number(r, out); break;
    default: good = refuse(r, "a value is expected");
  }
  if (good) return out;
  json_free(out);
  return NULL;
}

struct json *json_parse(const uint8_t *text, size_t length, struct json_fault *fault) {
  struct reader r = {text, length, 0, fault};
  fault->at = 0; fault->rule = NULL;
  if (length == 0) return calloc(1, sizeof(struct json));
  struct json *value = read_value(&r, 0);
  skip_blanks(&r);
  if (value && r.at < r.length) { refuse(&r, "something stands after the value"); json_free(value); return NULL; }
  return value;
}

void json_free(struct json *value) {
  while (value) {
    struct json *next = value->next;
    json_free(value->first);
    free(value->text); free(value->key); free(value);
    value = next;
  }
}

const struct json *json_get(const struct json *value, const char *key) {
  if (!value || value->kind != JSON_OBJECT) return NULL;
  for (const struct json *member = value->first; member; member = member->next)
    if (member->key_length == strlen(key) && memcmp(member->key, key, member->key_length) == 0) return member;
  return NULL;
}

bool json_is_text(const struct json *value) {
  return value && value->kind == JSON_STRING && strlen(value->text) == value->length;
}
