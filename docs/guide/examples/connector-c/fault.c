/* Faults, and the bytes that cross the interface. */
#include "fault.h"
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As much as fits, never half a character. */
static void copy_text(char *out, size_t room, const char *text) {
  size_t length = 0, all = strlen(text);
  while (length < all) {
    size_t step = utf8_step((const uint8_t *)text + length, all - length);
    if (step == 0) step = 1;                                          /* text_json replaces what is not UTF-8 */
    if (length + step >= room) break;
    length += step;
  }
  memcpy(out, text, length);
  out[length] = 0;
}

int32_t fault_set(struct fault *fault, int32_t code, const char *key, const char *pointer, const char *text) {
  memset(fault, 0, sizeof *fault);
  fault->code = code; fault->key = key;
  copy_text(fault->pointer, sizeof fault->pointer, pointer);
  copy_text(fault->text, sizeof fault->text, text);
  return code;
}

void fault_arg(struct fault *fault, const char *name, const char *value) {
  for (int at = 0; at < FAULT_ARGS; at++) {
    if (fault->args[at].name) continue;
    fault->args[at].name = name;
    copy_text(fault->args[at].value, sizeof fault->args[at].value, value);
    return;
  }
}

void fault_arg_int(struct fault *fault, const char *name, int64_t value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)value);
  fault_arg(fault, name, digits);
}

static void free_owner(ZgBuf *buffer) {
  free(buffer->owner);
  memset(buffer, 0, sizeof *buffer);
}

int32_t give_owned(ZgBuf *out, char *bytes, size_t length) {
  if (!bytes) return ZG_E_SYSTEM;
  out->ptr = (const uint8_t *)bytes; out->len = length; out->owner = bytes; out->release = free_owner;
  return ZG_OK;
}

int32_t give_bytes(ZgBuf *out, const char *bytes, size_t length) {
  char *copy = malloc(length + 1);
  if (copy) memcpy(copy, bytes, length);
  return give_owned(out, copy, length);
}

/* {"key": …, "args": {…}, "detail": {"pointer": …}} */
static void write_detail(const struct fault *fault, struct text *out) {
  text_put(out, "{\"key\":");
  text_json(out, fault->key, strlen(fault->key));
  text_put(out, ",\"args\":{");
  for (int at = 0; at < FAULT_ARGS && fault->args[at].name; at++) {
    if (at > 0) text_put(out, ",");
    text_json(out, fault->args[at].name, strlen(fault->args[at].name));
    text_put(out, ":");
    text_json(out, fault->args[at].value, strlen(fault->args[at].value));
  }
  text_put(out, "},\"detail\":{");
  if (fault->pointer[0]) {
    text_put(out, "\"pointer\":");
    text_json(out, fault->pointer, strlen(fault->pointer));
  }
  text_put(out, "}}");
}

int32_t fault_give(const struct fault *fault, ZgError *error) {
  struct text detail = {0};
  if (!error || error->struct_size < sizeof *error) return fault->code;
  error->code = fault->code;
  give_bytes(&error->message, fault->text, strlen(fault->text));
  write_detail(fault, &detail);
  if (detail.failed) free(detail.bytes);
  else give_owned(&error->detail, detail.bytes, detail.length);
  return fault->code;
}
