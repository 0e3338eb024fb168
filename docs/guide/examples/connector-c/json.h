/* JSON for a connector: a reader that keeps to RFC 8259, and the escaping that a writer needs. Knows nothing of zhengai. */
#ifndef JOURNAL_JSON_H
#define JOURNAL_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
  enum json_kind kind;
  char *text;              /* of a string: UTF-8, `length` bytes, followed by a NUL that does not count */
  size_t length;
  bool is_whole;           /* of a number: it is an integer that `whole` holds exactly */
  int64_t whole;
  char *key;               /* inside an object; the same shape as `text` */
  size_t key_length;
  struct json *first, *next;
};

/* Why a text is no JSON: the byte at which that was seen, and the rule. */
struct json_fault { size_t at; const char *rule; };

/* A value, or NULL with the fault filled. An empty text means null. The text may hold anything; nothing is read past it. */
struct json *json_parse(const uint8_t *text, size_t length, struct json_fault *fault);
void json_free(struct json *value);

/* The member of an object; NULL when the value is no object or has none of this name. */
const struct json *json_get(const struct json *value, const char *key);
/* True for a string that holds no NUL byte, so that it can be used as a text of C. */
bool json_is_text(const struct json *value);

/* A text that grows; `failed` once memory ran out, and from then on nothing is added. */
struct text { char *bytes; size_t length, room; bool failed; };
void text_add(struct text *text, const char *bytes, size_t length);
void text_put(struct text *text, const char *words);
void text_int(struct text *text, int64_t number);
/* The bytes as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. */
void text_json(struct text *text, const char *bytes, size_t length);

/* Length of the UTF-8 character at the start of the bytes, 1 to 4; 0 when there is none. */
size_t utf8_step(const uint8_t *bytes, size_t length);
#endif
