// SPDX-License-Identifier: GPL-2.0-only
/* Processes that have memory of a region in ways of their own, until SIGTERM. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/videodev2.h>

#include "heap.h"

#define BUFFERS	4

/* camera() - a camera's own buffers, of the largest picture that it offers */
void camera(const char *device)
{
	struct v4l2_requestbuffers req = {
		.count = BUFFERS,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, VIDIOC_REQBUFS, &req))
		bail(device, errno);
	puts("ready");
	wait_for_signal();
}

static noreturn void allocate_and_go(const struct region *region, int sock)
{
	int fd = heap_alloc(heap_open(region), 1 << 20, HEAP_RDWR);

	if (fd < 0)
		bail("a buffer", fd);
	_exit(!!fd_send(sock, fd));
}

/* handover() - a buffer whose first owner, printed, has exited */
void handover(const struct region *region)
{
	int socks[2], status;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, socks))
		bail("socketpair", errno);
	pid = fork();
	if (!pid)
		allocate_and_go(region, socks[1]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		bail("a child with a buffer", ECHILD);
	if (fd_receive(socks[0]) < 0)
		bail("its buffer", ENOENT);
	printf("%d\n", pid);
	wait_for_signal();
}
