/* The C interface between zhengai and its plugins, version 1. Compiles as C and as C++.
 *
 * The same interface in Rust is the crate zhengai-plugin-abi; a test of that crate compiles this file and compares sizes.
 * Sizes on 64-bit systems: ZgPlugin 104, ZgHost 48, ZgReader 64, ZgError 80, ZgBuf 32, ZgStr 16 bytes.
 *
 * - Every table begins with struct_size. Members are only ever appended. A member exists if it fits and is not NULL.
 * - Only Arrow C structs, bytes and numbers cross. Memory is freed by the `release` that came with it.
 * - Texts are UTF-8, JSON is UTF-8 without a byte order mark. An empty JSON text means null.
 * - The library is opened with NOW | LOCAL | NODELETE and is never unloaded.
 */
#ifndef ZHENGAI_PLUGIN_H
#define ZHENGAI_PLUGIN_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE          /* Arrow spec structs, guards kept as the spec asks */
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema { const char *format, *name, *metadata; int64_t flags, n_children;
  struct ArrowSchema **children, *dictionary; void (*release)(struct ArrowSchema *); void *private_data; };
struct ArrowArray { int64_t length, null_count, offset, n_buffers, n_children; const void **buffers;
  struct ArrowArray **children, *dictionary; void (*release)(struct ArrowArray *); void *private_data; };
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream { int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *); void *private_data; };
#endif

#if defined(_WIN32)
#define ZG_EXPORT __declspec(dllexport)
#else
#define ZG_EXPORT __attribute__((visibility("default")))
#endif

#define ZG_ABI_MAJOR 1u
#define ZG_ABI_MINOR 0u
#define ZG_ABI ((ZG_ABI_MAJOR << 16) | ZG_ABI_MINOR)
#define ZG_ENTRY "zg_plugin_open"
/* true when table t (with struct_size first) is new enough to hold member m and it is set */
#define ZG_HAS(t, type, m) ((t)->struct_size >= offsetof(type, m) + sizeof((t)->m) && (t)->m)

/* ---- borrowed and owned bytes: never NUL-terminated, never freed by the other side's allocator */
typedef struct ZgStr { const uint8_t *ptr; size_t len; } ZgStr;
typedef struct ZgBuf { const uint8_t *ptr; size_t len; void *owner; void (*release)(struct ZgBuf *); } ZgBuf;

enum { ZG_OK = 0, ZG_E_ABI = 1, ZG_E_CONFIG = 2, ZG_E_TRANSIENT = 3, ZG_E_SYSTEM = 4, ZG_E_DATA = 5,
       ZG_E_AUTH = 6, ZG_E_UNSUPPORTED = 7, ZG_E_CANCELLED = 8, ZG_E_TIMEOUT = 9, ZG_E_RATE_LIMIT = 10,
       ZG_E_PANIC = 11 };
/* The caller sets struct_size and zeroes the rest. detail may hold "key" and "args" (an object of texts) of the plugin's
   own catalogue, so that the host shows the person's language. */
typedef struct ZgError { uint32_t struct_size; int32_t code; uint32_t retry_after_ms; uint32_t reserved;
  ZgBuf message; /* for logs, English, UTF-8 */ ZgBuf detail; /* JSON: field pointer, stream, vendor code, place */ } ZgError;

/* ---- host services: valid and callable from any thread until destroy() returns */
typedef struct ZgHost {
  uint32_t struct_size, abi; void *ctx;
  void (*log)(void *ctx, int32_t level /*1=error..5=trace*/, ZgStr target, ZgStr message, ZgStr fields_json);
  int32_t (*cancelled)(void *ctx);                                   /* poll; 1 = stop soon */
  void (*progress)(void *ctx, ZgStr stream, uint64_t done, uint64_t total /*0=unknown*/, ZgStr unit);
  int32_t (*secret)(void *ctx, ZgStr name, ZgBuf *out);              /* resolves {"$secret": name} */
} ZgHost;

/* ---- a running read: an ordinary Arrow stream plus what Arrow streams lack */
typedef struct ZgReader {
  struct ArrowArrayStream stream;        /* first member: castable to ArrowArrayStream* */
  uint32_t struct_size, reserved;
  int32_t (*state)(struct ZgReader *, ZgBuf *state_json);  /* cursor covering every batch returned so far; ZG_E_UNSUPPORTED = no checkpoint here */
  int32_t (*error)(struct ZgReader *, ZgError *);          /* details of the last non-zero get_next/get_schema */
} ZgReader;

typedef struct ZgInstance ZgInstance;    /* opaque, plugin-owned */

/* Calls on one instance, and the steps of its readers, never overlap, but may come from different threads; cancel() is
   the exception and may overlap. After it the instance is only destroyed. Readers are released before their instance. */
typedef struct ZgPlugin {
  uint32_t struct_size, abi; void *ctx;  /* struct_size: on entry of zg_plugin_open the room, on return what was filled */
  int32_t (*describe)(void *ctx, ZgBuf *json, ZgError *);
  int32_t (*create)(void *ctx, ZgStr component, ZgStr config_json, const ZgHost *, ZgInstance **, ZgError *);
  void    (*destroy)(ZgInstance *);
  void    (*cancel)(ZgInstance *);                                   /* the only call that may overlap others */
  int32_t (*check)(ZgInstance *, ZgBuf *report_json, ZgError *);
  int32_t (*discover)(ZgInstance *, ZgStr request_json, ZgBuf *catalog_json, ZgError *);
  int32_t (*schema)(ZgInstance *, ZgStr stream_json, struct ArrowSchema *out, ZgError *);
  int32_t (*read)(ZgInstance *, ZgStr request_json, ZgReader *out, ZgError *);
  /* write and transform move the streams that they take (release = NULL in the source); the host releases what they leave */
  int32_t (*write)(ZgInstance *, ZgStr request_json, struct ArrowArrayStream *in, ZgBuf *result_json, ZgError *);
  int32_t (*transform)(ZgInstance *, ZgStr request_json, struct ArrowArrayStream *in, size_t n_in, ZgReader *out, ZgError *);
  int32_t (*call)(ZgInstance *, ZgStr method, ZgStr args_json, ZgBuf *result_json, ZgError *);
} ZgPlugin;

/* The one exported symbol. host_abi is the newest version the host speaks; a plugin that cannot
   serve that major returns ZG_E_ABI and the host may ask again with an older one. `out` holds its room in struct_size:
   write no more than that, and set struct_size to what was written. `host` may be NULL here and is not kept. */
ZG_EXPORT int32_t zg_plugin_open(uint32_t host_abi, const ZgHost *host, ZgPlugin *out, ZgError *err);
#ifdef __cplusplus
}
#endif
#endif
