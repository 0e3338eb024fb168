/* What went wrong, collected where it happens and handed to the host where the call ends. */
#ifndef JOURNAL_FAULT_H
#define JOURNAL_FAULT_H
#include "zhengai_plugin.h"

enum { FAULT_ARGS = 3, FAULT_TEXT = 512 };

/* The class says who must act; `key` and `args` are a text in locales/, which the person reads in their language;
   `text` is English and goes to the log; `pointer` names the field of the configuration or request. */
struct fault {
  int32_t code;
  const char *key;
  char text[FAULT_TEXT], pointer[64];
  struct { const char *name; char value[FAULT_TEXT]; } args[FAULT_ARGS];
};

/* Fills a fault and gives its code, so that a function can end with it. */
int32_t fault_set(struct fault *fault, int32_t code, const char *key, const char *pointer, const char *text);
/* Adds an argument of the text; what is too long is cut between two characters. */
void fault_arg(struct fault *fault, const char *name, const char *value);
void fault_arg_int(struct fault *fault, const char *name, int64_t value);
/* Hands it to the host; gives its code. */
int32_t fault_give(const struct fault *fault, ZgError *error);

/* Copies bytes into a buffer of the host's; ZG_E_SYSTEM without memory. */
int32_t give_bytes(ZgBuf *out, const char *bytes, size_t length);
/* Hands over memory of malloc: the host frees it by the release that comes with it. NULL means that there was none. */
int32_t give_owned(ZgBuf *out, char *bytes, size_t length);
#endif
