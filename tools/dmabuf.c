// SPDX-License-Identifier: GPL-2.0-only
/* Buffers of dma-buf, and the devices that they are attached to. */
#include <string.h>

#include "text.h"
#include "tree.h"
#include "who.h"

/* The one with that inode number, which is new if there is none. */
struct dmabuf *dmabuf_of(struct who *w, uint64_t inode)
{
	size_t i;

	for (i = 0; i < w->bufs; i++)
		if (w->buf[i].inode == inode)
			return &w->buf[i];
	w->buf = mem_grow(w->buf, w->bufs + 1, sizeof(*w->buf));
	w->buf[w->bufs] = (struct dmabuf){ .inode = inode };
	return &w->buf[w->bufs++];
}

/* Numbers there have zeros in front. */
static bool padded_u64(const char *word, uint64_t *value)
{
	if (!word)
		return false;
	while (word[0] == '0' && word[1])
		word++;
	return text_u64(word, value);
}

/* "size flags mode count exp_name ino name", with tabs between. */
static struct dmabuf *parse_object(struct who *w, char *line)
{
	char *word[7];
	uint64_t size, inode;
	struct dmabuf *buf;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(word); i++)
		word[i] = strsep(&line, "\t");
	if (!padded_u64(word[0], &size) || !padded_u64(word[5], &inode))
		return NULL;
	buf = dmabuf_of(w, inode);
	buf->bytes = size;
	buf->exporter = mem_copy(word[4]);
	buf->devices = "";
	if (word[6] && *word[6] && strcmp(word[6], "<none>"))
		buf->name = mem_copy(word[6]);
	return buf;
}

/*
 * An object, then lines with a tab in front: its fences, "Attached Devices:" and
 * a device in each line, up to "Total".
 */
void dmabuf_bufinfo(struct who *w)
{
	char *content = tree_read("/sys/kernel/debug/dma_buf/bufinfo"), *line;
	struct dmabuf *buf = NULL;
	bool devices = false;

	while ((line = strsep(&content, "\n"))) {
		if (*line >= '0' && *line <= '9') {
			buf = parse_object(w, line);
			devices = false;
		} else if (*line != '\t') {
			devices = false;
		} else if (strstr(line, "Attached Devices:")) {
			devices = true;
		} else if (devices && buf) {
			buf->devices = mem_format("%s%s%s", buf->devices,
						  *buf->devices ? ", " : "",
						  line + 1);
		}
	}
}
