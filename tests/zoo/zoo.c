/* The zoo: plugins with bad manners, one for each -DANIMAL=…. -DID is the plugin's id as a C string.
 *
 * Everything that an animal leaves behind (a sleeping child, a hanging call) ends by itself after two minutes, so that
 * a host that fails its test leaves no process on the machine of whoever ran it. */
#define _GNU_SOURCE
#include "keeper.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

enum animal {
  TAME, NULL_LAST_ERROR, SEGFAULT_IN_CALL, SEGFAULT_IN_STREAM, SEGFAULT_IN_CONSTRUCTOR, HANG_IN_CALL, HANG_IN_STREAM,
  HANG_IN_DESTROY, HANG_IN_CONSTRUCTOR, SPIN_IN_CALL, MORE_ROWS_THAN_COLUMNS, HIDDEN_NULLS, LYING_PROGRESS,
  UNKNOWN_KEY, REPEATED_KEY, EXTRA_COLUMN, TWO_SCHEMAS, WRONG_BUFFERS, NEGATIVE_OFFSET, FALLING_OFFSETS, NOT_UTF8,
  PRINTS, WRONG_ABI, GIANT_MESSAGE, GIANT_JSON, LEAK_IN_STREAM, LEAK_IN_CREATE, EXIT_IN_CONSTRUCTOR, EXIT_IN_CREATE,
  EXIT_IN_READ, EXIT_IN_STREAM, CLOSED_DESCRIPTORS, GARBLED_PIPE, FORK, DAEMON, WRONG_ID, NO_ENTRY, NOT_JSON,
  STATE_NOT_JSON, STATE_BACKWARDS, ABORT_IN_CALL, ABORT_IN_STREAM, KILLED_GROUP, WRITES_FILE, READS_FILE, OPENS_SOCKET,
  NUL_IN_MESSAGE, IGNORES_CANCEL
};

static const unsigned VALVE = 120; /* seconds */

/* ---- bites that several calls share */
static void segfault(void) { *(volatile int *)(uintptr_t)8 = 1; }

static void hang(void) {
  signal(SIGTERM, SIG_IGN); signal(SIGINT, SIG_IGN); signal(SIGHUP, SIG_IGN);
  alarm(VALVE);
  for (;;) pause();
}

static void spin(void) { alarm(VALVE); for (volatile unsigned turn = 0;; turn++) {} }

/* Memory until there is no more; ends as C++ and most libraries of C do then. */
static void leak(void) {
  enum { PIECE = 1 << 20, MOST = 8 << 10 };
  for (int piece = 0; piece < MOST; piece++) {
    char *lost = malloc(PIECE);
    if (!lost) { fputs("out of memory\n", stderr); abort(); }
    memset(lost, 0x5a, PIECE);
  }
  hang();
}

static void sleep_in_child(int far) {
  if (fork() != 0) return;
  if (far) { setsid(); if (fork() != 0) _exit(0); }
  for (unsigned left = VALVE; left > 0; left = sleep(left)) {}
  _exit(0);
}

static void print_much(void) {
  char line[1024];
  memset(line, 'x', sizeof line); line[sizeof line - 1] = '\n';
  for (int count = 0; count < 10 * 1024; count++) {
    fwrite(line, 1, sizeof line, stdout);
    fwrite(line, 1, sizeof line, stderr);
  }
  fflush(stdout);
}

static void close_everything(void) { for (int fd = 0; fd < 4096; fd++) close(fd); }

/* Looks like control frames and like nothing at all; whatever pipe or socket is there gets it. */
static void write_everywhere(void) {
  static const char rubbish[] = "\0\0\0\x10{\"end\":{\"rows\":0}}\xff\xff\xff\xff\x40\0\0\0rubbish";
  for (int fd = 3; fd < 64; fd++) if (write(fd, rubbish, sizeof rubbish) < 0) continue;
}

__attribute__((constructor)) static void when_loaded(void) {
  if (ANIMAL == SEGFAULT_IN_CONSTRUCTOR) segfault();
  if (ANIMAL == HANG_IN_CONSTRUCTOR) hang();
  if (ANIMAL == EXIT_IN_CONSTRUCTOR) _exit(0);
}

/* What an animal tries that it may not. Says what the system answered; says nothing when it got away with it. */
static int trespass(ZgInstance *self, ZgError *error) {
  char text[TEXT + 64];
  int answer = 0;
  if (ANIMAL == WRITES_FILE || ANIMAL == READS_FILE) {
    int flags = ANIMAL == WRITES_FILE ? O_CREAT | O_WRONLY | O_TRUNC : O_RDONLY;
    answer = open(self->path[0] ? self->path : "zoo-was-here", flags | O_CLOEXEC, 0600);
  } else if (ANIMAL == OPENS_SOCKET) {
    struct sockaddr_in there;
    memset(&there, 0, sizeof there);
    there.sin_family = AF_INET; there.sin_port = htons((uint16_t)self->port);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    answer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (answer >= 0 && connect(answer, (struct sockaddr *)&there, sizeof there) != 0) {
      int why = errno;
      close(answer);
      errno = why;
      answer = -1;
    }
  } else {
    return 0;
  }
  if (answer >= 0) { close(answer); return 0; }
  snprintf(text, sizeof text, "%s: %s", ANIMAL == OPENS_SOCKET ? "connect" : self->path, strerror(errno));
  return fail(error, ZG_E_SYSTEM, text);
}

/* ---- stream */
struct stream { ZgInstance *self; long given; int32_t code; char text[TEXT]; };

static int refuse(struct stream *stream, int32_t code, int number, const char *text) {
  stream->code = code;
  snprintf(stream->text, sizeof stream->text, "%s", text);
  return number;
}

static int get_schema(struct ArrowArrayStream *s, struct ArrowSchema *out) {
  (void)s;
  return fill_schema(out, COLUMNS);
}

static void spoil(struct ArrowArray *out, struct batch *batch) {
  struct column *first = &batch->column[0];
  if (ANIMAL == MORE_ROWS_THAN_COLUMNS) out->length = ROWS + 2;
  if (ANIMAL == HIDDEN_NULLS) first->valid = 0x05;
  if (ANIMAL == EXTRA_COLUMN) out->n_children = COLUMNS + 1;
  if (ANIMAL == WRONG_BUFFERS) first->array.n_buffers = 2;
  if (ANIMAL == NEGATIVE_OFFSET) first->array.offset = -1;
  if (ANIMAL == FALLING_OFFSETS) { first->offsets[1] = 9; first->offsets[2] = 1; }
  if (ANIMAL == NOT_UTF8) first->bytes[0] = (char)0xff;
}

static void bite(void) {
  if (ANIMAL == SEGFAULT_IN_STREAM) segfault();
  if (ANIMAL == HANG_IN_STREAM) hang();
  if (ANIMAL == EXIT_IN_STREAM) _exit(0);
  if (ANIMAL == ABORT_IN_STREAM) abort();
  if (ANIMAL == KILLED_GROUP) kill(0, SIGKILL);
  if (ANIMAL == LEAK_IN_STREAM) leak();
  if (ANIMAL == CLOSED_DESCRIPTORS) close_everything();
  if (ANIMAL == GARBLED_PIPE) write_everywhere();
  if (ANIMAL == FORK || ANIMAL == DAEMON) sleep_in_child(ANIMAL == DAEMON);
  if (ANIMAL == PRINTS) print_much();
}

static int get_next(struct ArrowArrayStream *s, struct ArrowArray *out) {
  struct stream *stream = s->private_data;
  ZgInstance *self = stream->self;
  int cancelled = self->stop || (self->host && ZG_HAS(self->host, ZgHost, cancelled) && self->host->cancelled(self->host->ctx));
  memset(out, 0, sizeof *out);
  if (cancelled && ANIMAL == IGNORES_CANCEL) hang();
  if (cancelled) return refuse(stream, ZG_E_CANCELLED, ECANCELED, "stopped as asked");
  if (stream->given >= self->batches) return 0;
  if (stream->given == self->good) {
    ZgError error;
    memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
    if (trespass(self, &error) != 0) {
      snprintf(stream->text, sizeof stream->text, "%.*s", (int)error.message.len, (const char *)error.message.ptr);
      if (error.message.release) error.message.release(&error.message);
      stream->code = error.code;
      return EIO;
    }
    if (ANIMAL == NULL_LAST_ERROR) return EINVAL;
    if (ANIMAL == NUL_IN_MESSAGE) return refuse(stream, ZG_E_DATA, EINVAL, "before");
    bite();
  }
  struct batch *batch = fill_batch(out, ANIMAL == REPEATED_KEY ? 0 : stream->given);
  if (!batch) return refuse(stream, ZG_E_SYSTEM, ENOMEM, "no memory");
  if (stream->given == self->good) spoil(out, batch);
  stream->given++;
  if (self->host && ZG_HAS(self->host, ZgHost, progress)) {
    uint64_t done = (uint64_t)stream->given * ROWS, all = (uint64_t)self->batches * ROWS;
    if (ANIMAL == LYING_PROGRESS) { done *= 1000; all = 2; }
    self->host->progress(self->host->ctx, str("departments"), done, all, str("row"));
  }
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *s) {
  struct stream *stream = s->private_data;
  return ANIMAL == NULL_LAST_ERROR ? NULL : stream->text;
}

static void release_stream(struct ArrowArrayStream *s) {
  free(s->private_data);
  s->private_data = NULL; s->release = NULL;
}

static int32_t state_of(ZgReader *reader, ZgBuf *out) {
  struct stream *stream = reader->stream.private_data;
  char text[64];
  long batch = ANIMAL == STATE_BACKWARDS ? stream->self->batches - stream->given : stream->given;
  snprintf(text, sizeof text, ANIMAL == STATE_NOT_JSON ? "batch %ld" : "{\"batch\":%ld}", batch);
  give(out, text);
  return ZG_OK;
}

static int32_t error_of(ZgReader *reader, ZgError *error) {
  struct stream *stream = reader->stream.private_data;
  if (stream->code == ZG_OK) return ZG_E_UNSUPPORTED;
  fail(error, stream->code, stream->text);
  if (ANIMAL == NUL_IN_MESSAGE) {
    static const char text[] = "before\0after";
    if (error->message.release) error->message.release(&error->message);
    error->message.ptr = (const uint8_t *)text; error->message.len = sizeof text - 1;
  }
  return ZG_OK;
}

/* ---- calls */
static int32_t describe(void *ctx, ZgBuf *json, ZgError *error) {
  (void)ctx; (void)error;
  if (ANIMAL == NOT_JSON) { give(json, "I am a tiger"); return ZG_OK; }
  give(json, ANIMAL == WRONG_ID ? "{\"id\":\"connector-file\",\"version\":\"1.0.0\",\"components\":[]}" :
    "{\"id\":\"" ID "\",\"version\":\"1.0.0\",\"components\":[{\"name\":\"cage\","
    "\"can\":[\"check\",\"discover\",\"schema\",\"read\",\"call\"],\"config\":{\"type\":\"object\",\"additionalProperties\":false,"
    "\"properties\":{\"good\":{\"type\":\"integer\",\"minimum\":0},\"batches\":{\"type\":\"integer\",\"minimum\":0},"
    "\"port\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":65535},\"path\":{\"type\":\"string\",\"maxLength\":500}}}}]}");
  return ZG_OK;
}

static int32_t create(void *ctx, ZgStr component, ZgStr config, const ZgHost *host, ZgInstance **out, ZgError *error) {
  (void)ctx;
  if (component.len != 4 || memcmp(component.ptr, "cage", 4) != 0) return fail(error, ZG_E_CONFIG, "there is one component, `cage`");
  if (ANIMAL == EXIT_IN_CREATE) exit(0);
  if (ANIMAL == LEAK_IN_CREATE) memset(malloc(256 << 10), 0x5a, 256 << 10);
  ZgInstance *self = calloc(1, sizeof *self);
  if (!self) return fail(error, ZG_E_SYSTEM, "no memory");
  self->host = host;
  self->good = number(config, "\"good\":", 2);
  self->batches = number(config, "\"batches\":", 4);
  self->port = number(config, "\"port\":", 9);
  text_of(config, "\"path\":\"", self->path);
  *out = self;
  return ZG_OK;
}

static void destroy(ZgInstance *self) {
  if (ANIMAL == HANG_IN_DESTROY) hang();
  free(self);
}

static void cancel(ZgInstance *self) { self->stop = 1; }

static int32_t answer(ZgInstance *self, ZgBuf *out, ZgError *error, const char *text) {
  if (ANIMAL == SEGFAULT_IN_CALL) segfault();
  if (ANIMAL == HANG_IN_CALL) hang();
  if (ANIMAL == SPIN_IN_CALL) spin();
  if (ANIMAL == ABORT_IN_CALL) abort();
  if (ANIMAL == GIANT_MESSAGE) {
    static uint8_t few[1 << 16];
    memset(few, 'g', sizeof few);
    error->code = ZG_E_DATA; error->message.ptr = few; error->message.len = (size_t)1 << 30;
    return ZG_E_DATA;
  }
  if (ANIMAL == GIANT_JSON) {
    size_t size = (size_t)200 << 20;
    char *made = malloc(size + 16);
    if (!made) return fail(error, ZG_E_SYSTEM, "no memory");
    memset(made, 'g', size);
    memcpy(made, "{\"report\":\"", 11); memcpy(made + size, "\"}", 3);
    out->ptr = (const uint8_t *)made; out->len = size + 2; out->owner = made; out->release = free_bytes;
    return ZG_OK;
  }
  int32_t code = trespass(self, error);
  if (code == ZG_OK) give(out, text);
  return code;
}

static int32_t check(ZgInstance *self, ZgBuf *report, ZgError *error) { return answer(self, report, error, "{\"ok\":true}"); }

static int32_t call(ZgInstance *self, ZgStr method, ZgStr args, ZgBuf *result, ZgError *error) {
  (void)args;
  if (method.len != 4 || memcmp(method.ptr, "feed", 4) != 0) return fail(error, ZG_E_UNSUPPORTED, "there is one method, `feed`");
  return answer(self, result, error, "{\"eaten\":true}");
}

static int32_t discover(ZgInstance *self, ZgStr request, ZgBuf *catalog, ZgError *error) {
  char text[TEXT];
  (void)self; (void)request; (void)error;
  snprintf(text, sizeof text,
    "{\"streams\":[{\"name\":\"departments\",\"label\":\"%s\",\"key\":[\"%s\"],\"incremental\":true,\"fields\":["
    "{\"name\":\"%s\",\"type\":\"text\"},{\"name\":\"%s\",\"type\":\"text\"},{\"name\":\"%s\",\"type\":\"text\"},"
    "{\"name\":\"%s\",\"type\":\"text\"}]}]}", "部门", ANIMAL == UNKNOWN_KEY ? "编号" : NAMES[0], NAMES[0], NAMES[1], NAMES[2], NAMES[3]);
  give(catalog, text);
  return ZG_OK;
}

static int wanted(ZgStr json) { return !find(json, "\"name\":") || find(json, "\"name\":\"departments\""); }

static int32_t schema(ZgInstance *self, ZgStr stream, struct ArrowSchema *out, ZgError *error) {
  (void)self;
  if (!wanted(stream)) return fail(error, ZG_E_CONFIG, "there is one stream, `departments`");
  return fill_schema(out, ANIMAL == TWO_SCHEMAS ? COLUMNS + 1 : COLUMNS) == 0 ? ZG_OK : fail(error, ZG_E_SYSTEM, "no memory");
}

static int32_t read_rows(ZgInstance *self, ZgStr request, ZgReader *out, ZgError *error) {
  if (!wanted(request)) return fail(error, ZG_E_CONFIG, "there is one stream, `departments`");
  if (ANIMAL == EXIT_IN_READ) exit(0);
  struct stream *stream = calloc(1, sizeof *stream);
  if (!stream) return fail(error, ZG_E_SYSTEM, "no memory");
  stream->self = self;
  stream->given = number(request, "\"batch\":", 0);
  out->stream.get_schema = get_schema; out->stream.get_next = get_next; out->stream.get_last_error = get_last_error;
  out->stream.release = release_stream; out->stream.private_data = stream;
  out->struct_size = sizeof *out; out->state = state_of;
  out->error = ANIMAL == NULL_LAST_ERROR ? NULL : error_of;
  return ZG_OK;
}

#ifndef ENTRY
#define ENTRY zg_plugin_open
#endif
ZG_EXPORT int32_t ENTRY(uint32_t host_abi, const ZgHost *host, ZgPlugin *out, ZgError *error) {
  (void)host;
  if ((host_abi >> 16) != ZG_ABI_MAJOR) return fail(error, ZG_E_ABI, "this plugin speaks ABI 1");
  if (out->struct_size < sizeof *out) return fail(error, ZG_E_ABI, "this host is too old for this plugin");
  out->struct_size = sizeof *out; out->abi = ANIMAL == WRONG_ABI ? (2u << 16) : ZG_ABI;
  out->describe = describe; out->create = create; out->destroy = destroy; out->cancel = cancel;
  out->check = check; out->discover = discover; out->schema = schema; out->read = read_rows; out->call = call;
  return ZG_OK;
}
