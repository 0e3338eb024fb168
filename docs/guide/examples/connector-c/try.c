/* A host in a hundred lines: makes an instance from a configuration, checks, discovers and reads it to its end, and
 * prints every row and every cursor. For trying a connector, and for running it under the sanitizers or valgrind.
 * Usage: try CONFIG.json [REQUEST.json]. Ends with the code of the first error, 0 without one. */
#include "zhengai_plugin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void host_log(void *ctx, int32_t level, ZgStr target, ZgStr message, ZgStr fields) {
  (void)ctx;
  fprintf(stderr, "log %d %.*s: %.*s %.*s\n", (int)level, (int)target.len, (const char *)target.ptr, (int)message.len,
          (const char *)message.ptr, (int)fields.len, (const char *)fields.ptr);
}
static int32_t host_cancelled(void *ctx) { return *(int *)ctx; }
static void host_progress(void *ctx, ZgStr stream, uint64_t done, uint64_t total, ZgStr unit) {
  (void)ctx;
  fprintf(stderr, "progress %.*s %llu of %llu %.*s\n", (int)stream.len, (const char *)stream.ptr, (unsigned long long)done,
          (unsigned long long)total, (int)unit.len, (const char *)unit.ptr);
}
static int32_t host_secret(void *ctx, ZgStr name, ZgBuf *out) { (void)ctx; (void)name; (void)out; return ZG_E_AUTH; }

static void drop(ZgBuf *buffer) { if (buffer->release) buffer->release(buffer); }

static void show(const char *what, ZgBuf *buffer) {
  printf("%s %.*s\n", what, (int)buffer->len, (const char *)buffer->ptr);
  drop(buffer);
}

static int failed(const char *call, int32_t code, ZgError *error) {
  printf("%s failed with %d: %.*s %.*s\n", call, (int)code, (int)error->message.len, (const char *)error->message.ptr,
         (int)error->detail.len, (const char *)error->detail.ptr);
  drop(&error->message); drop(&error->detail);
  return code;
}

static char *file(const char *path, size_t *length) {
  FILE *in = fopen(path, "rb");
  char *bytes = malloc(1 << 20);
  if (!in || !bytes) { perror(path); exit(99); }
  *length = fread(bytes, 1, 1 << 20, in);
  fclose(in);
  return bytes;
}

static void print_rows(const struct ArrowArray *batch) {
  for (int64_t row = 0; row < batch->length; row++)
    for (int64_t at = 0; at < batch->n_children; at++) {
      const struct ArrowArray *column = batch->children[at];
      const uint8_t *valid = column->buffers[0];
      const int32_t *offsets = column->buffers[1];
      const char *bytes = column->buffers[2];
      if (!(valid[row / 8] >> row % 8 & 1)) printf("NULL");
      else printf("%.*s", (int)(offsets[row + 1] - offsets[row]), bytes + offsets[row]);
      printf(at + 1 < batch->n_children ? " | " : "\n");
    }
}

static int read_all(ZgPlugin *plugin, ZgInstance *instance, ZgStr request, ZgError *error) {
  ZgReader reader;
  struct ArrowArray batch;
  struct ArrowSchema schema;
  ZgBuf state;
  memset(&reader, 0, sizeof reader);
  reader.struct_size = sizeof reader;
  int code = plugin->read(instance, request, &reader, error);
  if (code != ZG_OK) return failed("read", code, error);
  if (reader.stream.get_schema(&reader.stream, &schema) == 0) schema.release(&schema);
  while ((code = reader.stream.get_next(&reader.stream, &batch)) == 0 && batch.release) {
    print_rows(&batch);
    batch.release(&batch);
    memset(&state, 0, sizeof state);
    if (reader.state(&reader, &state) == ZG_OK) show("state", &state);
  }
  if (code != 0) {
    printf("get_next gave errno %d, %s\n", code, reader.stream.get_last_error(&reader.stream));
    if (reader.error(&reader, error) == ZG_OK) code = failed("get_next", error->code, error);
  }
  reader.stream.release(&reader.stream);
  return code;
}

int main(int count, char **words) {
  int stop = getenv("TRY_CANCELLED") != NULL;
  ZgHost host = {sizeof host, ZG_ABI, &stop, host_log, host_cancelled, host_progress, host_secret};
  ZgPlugin plugin;
  ZgInstance *instance = NULL;
  ZgError error;
  ZgBuf answer;
  size_t length = 0;
  if (count < 2) { fprintf(stderr, "usage: try CONFIG.json [REQUEST.json]\n"); return 98; }
  memset(&plugin, 0, sizeof plugin); memset(&error, 0, sizeof error); memset(&answer, 0, sizeof answer);
  plugin.struct_size = sizeof plugin; error.struct_size = sizeof error;
  int32_t code = zg_plugin_open(ZG_ABI, NULL, &plugin, &error);
  if (code != ZG_OK) return failed("zg_plugin_open", code, &error);
  plugin.describe(plugin.ctx, &answer, &error);
  drop(&answer);
  char *bytes = file(words[1], &length);
  ZgStr config = {(const uint8_t *)bytes, length}, component = {(const uint8_t *)"journal", 7};
  code = plugin.create(plugin.ctx, component, config, &host, &instance, &error);
  free(bytes);
  if (code != ZG_OK) return failed("create", code, &error);
  ZgStr nothing = {NULL, 0}, request = nothing;
  if ((code = plugin.check(instance, &answer, &error)) != ZG_OK) failed("check", code, &error);
  else show("check", &answer);
  if (code == ZG_OK && (code = plugin.discover(instance, nothing, &answer, &error)) != ZG_OK) failed("discover", code, &error);
  else if (code == ZG_OK) show("discover", &answer);
  bytes = count > 2 ? file(words[2], &length) : NULL;
  if (bytes) { request.ptr = (const uint8_t *)bytes; request.len = length; }
  if (code == ZG_OK) code = read_all(&plugin, instance, request, &error);
  free(bytes);
  plugin.cancel(instance);
  plugin.destroy(instance);
  return code;
}
