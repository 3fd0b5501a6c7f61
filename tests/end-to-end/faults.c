// Makes one call of the C library fail, on files below one folder: FAULT_CALL (open, read, write, rename, fsync), the FAULT_AT-th of
// them, with FAULT_ERRNO. Leaves FAULT_FIRED as a file when it did.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char ours[4096];
static atomic_int calls;

static int real_open(const char *path, int flags, mode_t mode) {
  static int (*next)(const char *, int, ...);
  if (!next) next = dlsym(RTLD_NEXT, "open");
  return next(path, flags, mode);
}

static int below(const char *path) {
  const char *folder = getenv("FAULT_BELOW");
  char real[PATH_MAX];
  if (!folder || !path) return 0;
  if (path[0] != '/') {
    if (!getcwd(real, sizeof real)) return 0;
    strncat(real, "/", sizeof real - strlen(real) - 1);
    strncat(real, path, sizeof real - strlen(real) - 1);
    path = real;
  }
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int fails(const char *call) {
  const char *wanted = getenv("FAULT_CALL");
  if (!wanted || strcmp(wanted, call) != 0) return 0;
  if (atomic_fetch_add(&calls, 1) + 1 != atoi(getenv("FAULT_AT"))) return 0;
  int fd = real_open(getenv("FAULT_FIRED"), O_CREAT | O_WRONLY, 0600);
  if (fd >= 0) close(fd);
  errno = atoi(getenv("FAULT_ERRNO"));
  return 1;
}

static int opened(int fd, const char *path) {
  if (fd >= 0 && fd < (int)sizeof ours) ours[fd] = (char)below(path);
  return fd;
}

/* The next file, pipe or socket with this number is not ours. */
int close(int fd) {
  static int (*next)(int);
  if (!next) next = dlsym(RTLD_NEXT, "close");
  if (fd >= 0 && fd < (int)sizeof ours) ours[fd] = 0;
  return next(fd);
}
#define IS_OURS(fd) ((fd) >= 0 && (fd) < (int)sizeof ours && ours[fd])

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  if (below(path) && fails("open")) return -1;
  return opened(real_open(path, flags, mode), path);
}
int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  if (below(path) && fails("open")) return -1;
  return opened(real_open(path, flags, mode), path);
}

#define WRAP(type, name, call, parameters, arguments)                 \
  type name parameters {                                              \
    static type(*next) parameters;                                    \
    if (!next) next = (type(*) parameters)dlsym(RTLD_NEXT, #name);    \
    if (IS_OURS(fd) && fails(call)) return -1;                        \
    return next arguments;                                            \
  }
WRAP(ssize_t, read, "read", (int fd, void *to, size_t size), (fd, to, size))
WRAP(ssize_t, pread, "read", (int fd, void *to, size_t size, off_t at), (fd, to, size, at))
WRAP(ssize_t, pread64, "read", (int fd, void *to, size_t size, off64_t at), (fd, to, size, at))
WRAP(ssize_t, write, "write", (int fd, const void *from, size_t size), (fd, from, size))
WRAP(ssize_t, pwrite, "write", (int fd, const void *from, size_t size, off_t at), (fd, from, size, at))
WRAP(ssize_t, pwrite64, "write", (int fd, const void *from, size_t size, off64_t at), (fd, from, size, at))
WRAP(ssize_t, readv, "read", (int fd, const struct iovec *v, int n), (fd, v, n))
WRAP(ssize_t, writev, "write", (int fd, const struct iovec *v, int n), (fd, v, n))
WRAP(int, fsync, "fsync", (int fd), (fd))

int rename(const char *from, const char *to) {
  static int (*next)(const char *, const char *);
  if (!next) next = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
  if ((below(from) || below(to)) && fails("rename")) return -1;
  return next(from, to);
}
