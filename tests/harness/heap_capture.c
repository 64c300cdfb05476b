// SPDX-License-Identifier: GPL-2.0-only
/*
 * A camera, the kernel's vivid, that writes its frames to buffers of the heap
 * (V4L2_MEMORY_DMABUF). Its picture is known: eight bars of 75 % colour.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/videodev2.h>

#include "heap.h"

#define WIDTH		640
#define HEIGHT		360
#define BARS		8
#define BUFFERS		4
#define FRAMES		12
#define FRAME_MS	20000
#define POISON		0x5a
/* What a conversion of colours may be wrong by. */
#define NEAR		2

/* White, yellow, cyan, green, magenta, red, blue, black: red, green, blue of each. */
static const unsigned char bars[BARS][3] = {
	{ 191, 191, 191 }, { 191, 191, 0 }, { 0, 191, 191 }, { 0, 191, 0 },
	{ 191, 0, 191 }, { 191, 0, 0 }, { 0, 0, 191 }, { 0, 0, 0 },
};

struct camera {
	int fd;
	size_t line, frame;		/* bytes */
	size_t len;			/* of a buffer */
	struct {
		int fd;
		unsigned char *at;
		unsigned int frames;
	} buffer[BUFFERS];
	/* What is wrong, over all frames. */
	size_t pixels, behind, lost, disorder;
};

static int call(const struct camera *c, unsigned long nr, void *arg)
{
	return ioctl(c->fd, nr, arg) ? -errno : 0;
}

/* ---- the camera's settings ---------------------------------------------- */

static int set_format(struct camera *c)
{
	struct v4l2_format f = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	int ret;

	f.fmt.pix.width = WIDTH;
	f.fmt.pix.height = HEIGHT;
	f.fmt.pix.pixelformat = V4L2_PIX_FMT_RGB24;
	f.fmt.pix.field = V4L2_FIELD_NONE;
	ret = call(c, VIDIOC_S_FMT, &f);
	if (ret)
		return ret;
	c->line = f.fmt.pix.bytesperline;
	c->frame = f.fmt.pix.sizeimage;
	if (f.fmt.pix.width != WIDTH || f.fmt.pix.height != HEIGHT ||
	    f.fmt.pix.pixelformat != V4L2_PIX_FMT_RGB24 ||
	    c->line < WIDTH * 3 || c->frame < c->line * HEIGHT)
		return -ERANGE;
	return 0;
}

/* Its text would be in front of the bars. The number of the setting is its own. */
static int set_no_text(const struct camera *c)
{
	struct v4l2_queryctrl q = { .id = V4L2_CTRL_FLAG_NEXT_CTRL };
	struct v4l2_control none;

	while (!call(c, VIDIOC_QUERYCTRL, &q)) {
		if (!strcmp((char *)q.name, "OSD Text Mode")) {
			none.id = q.id;
			none.value = q.maximum;
			return call(c, VIDIOC_S_CTRL, &none);
		}
		q.id |= V4L2_CTRL_FLAG_NEXT_CTRL;
	}
	return -ENOENT;
}

/* Return: 0, or an errno; -ERANGE if it wants another number of them. */
static int ask_for(const struct camera *c, unsigned int nr)
{
	struct v4l2_requestbuffers req = {
		.count = nr,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
	};
	int ret = call(c, VIDIOC_REQBUFS, &req);

	return ret ?: req.count == nr ? 0 : -ERANGE;
}

static int stream(const struct camera *c, unsigned long nr)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	return call(c, nr, &type);
}

/* ---- buffers ------------------------------------------------------------ */

static int poison(const struct camera *c, unsigned int i)
{
	int fd = c->buffer[i].fd;
	int ret = heap_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE);

	if (ret)
		return ret;
	memset(c->buffer[i].at, POISON, c->len);
	return heap_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
}

static int queue(const struct camera *c, unsigned int i)
{
	struct v4l2_buffer b = {
		.index = i,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
		.m.fd = c->buffer[i].fd,
		.length = c->len,
	};

	return poison(c, i) ?: call(c, VIDIOC_QBUF, &b);
}

static void make_buffers(struct camera *c, int heap)
{
	size_t chunk = heap_chunk(heap);
	unsigned int i;
	int fd;

	/* Room behind the frame. */
	c->len = (c->frame / chunk + 2) * chunk;
	for (i = 0; i < BUFFERS; i++) {
		fd = heap_alloc(heap, c->len, HEAP_RDWR);
		if (fd < 0)
			bail("a buffer", fd);
		c->buffer[i].fd = fd;
		c->buffer[i].at = heap_map(fd, c->len);
		if (!c->buffer[i].at)
			bail("a buffer's mapping", errno);
	}
}

static void let_go(struct camera *c)
{
	unsigned int i;

	for (i = 0; i < BUFFERS; i++) {
		munmap(c->buffer[i].at, c->len);
		close(c->buffer[i].fd);
	}
}

/* ---- frames ------------------------------------------------------------- */

static bool is_bar(const unsigned char *pixel, unsigned int x)
{
	const unsigned char *want = bars[x * BARS / WIDTH];
	unsigned int i;

	for (i = 0; i < 3; i++)
		if (pixel[i] + NEAR < want[i] || pixel[i] > want[i] + NEAR)
			return false;
	return true;
}

static void look_at_picture(struct camera *c, const unsigned char *at)
{
	const unsigned char *pixel;
	unsigned int x, y;
	size_t i;

	for (y = 0; y < HEIGHT; y++) {
		for (x = 0; x < WIDTH; x++) {
			pixel = at + y * c->line + x * 3;
			if (is_bar(pixel, x))
				continue;
			if (!c->pixels++)
				ktap_diag("at %u,%u: %u %u %u", x, y, pixel[0],
					  pixel[1], pixel[2]);
		}
	}
	for (i = c->frame; i < c->len; i++)
		c->behind += at[i] != POISON;
}

static int look_at_frame(struct camera *c, const struct v4l2_buffer *b)
{
	int fd = c->buffer[b->index].fd;
	int ret = heap_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);

	if (ret)
		return ret;
	c->buffer[b->index].frames++;
	if (b->flags & V4L2_BUF_FLAG_ERROR || b->bytesused != c->frame)
		c->lost++;
	look_at_picture(c, c->buffer[b->index].at);
	return heap_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
}

/* Wait for a frame, in @b. A camera that has stopped is an error, too. */
static int next_frame(const struct camera *c, struct v4l2_buffer *b)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	int ret = poll(&p, 1, FRAME_MS);

	if (ret <= 0)
		return ret ? -errno : -ETIMEDOUT;
	memset(b, 0, sizeof(*b));
	b->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	b->memory = V4L2_MEMORY_DMABUF;
	ret = call(c, VIDIOC_DQBUF, b);
	if (!ret && b->index >= BUFFERS)
		return -ERANGE;
	return ret;
}

static int capture(struct camera *c)
{
	struct v4l2_buffer b;
	long long before = -1;
	unsigned int i;
	int ret;

	for (i = 0; i < FRAMES; i++) {
		ret = next_frame(c, &b);
		ret = ret ?: look_at_frame(c, &b);
		if (ret)
			return ret;
		c->disorder += b.sequence <= before;
		before = b.sequence;
		ret = queue(c, b.index);
		if (ret)
			return ret;
	}
	return 0;
}

static void take_frames(struct camera *c)
{
	unsigned int i, used = 0;

	ktap_errno("frames come", capture(c), 0);
	for (i = 0; i < BUFFERS; i++)
		used += c->buffer[i].frames > 0;
	ktap_same("buffers that have had one", used, BUFFERS);
	ktap_same("frames that are not whole", c->lost, 0);
	ktap_same("frames whose number does not rise", c->disorder, 0);
	ktap_same("pixels that are not of their bar", c->pixels, 0);
	ktap_same("bytes that are written behind a frame", c->behind, 0);
}

/* Only the camera has them, then nobody. */
static void give_back(struct camera *c, const struct region *region,
		      long long before)
{
	long long held = heap_held(region);

	ktap_errno("the camera stops", stream(c, VIDIOC_STREAMOFF), 0);
	let_go(c);
	ktap_ok(held > before && heap_held(region) == held,
		"they are there for as long as the camera has them");
	ktap_errno("the camera lets go", ask_for(c, 0), 0);
	ktap_ok(heap_held_becomes(region, before), "nothing is held in the end");
}

void scenario_heapcapture(const struct region *region, const char *arg)
{
	int heap = heap_open(region), ret = 0;
	long long before = heap_held(region);
	struct camera c = { 0 };
	unsigned int i;

	c.fd = arg ? open(arg, O_RDWR | O_CLOEXEC) : -1;
	if (c.fd < 0)
		bail("a camera as third argument", arg ? errno : EINVAL);
	ktap_errno("a format that is small", set_format(&c), 0);
	ktap_errno("bars without text", set_no_text(&c), 0);
	ktap_errno("the camera takes descriptors", ask_for(&c, BUFFERS), 0);
	make_buffers(&c, heap);
	for (i = 0; i < BUFFERS; i++)
		ret = ret ?: queue(&c, i);
	ktap_errno("buffers of the heap", ret, 0);
	ktap_errno("the camera begins", stream(&c, VIDIOC_STREAMON), 0);
	take_frames(&c);
	give_back(&c, region, before);
	close(c.fd);
	close(heap);
}
