// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who maps a page, by /proc/PID/pagemap; who maps a file or has it open, by maps
 * and fdinfo; who uses a dma-buf. Processes come and go meanwhile: what cannot be
 * read is passed over.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"
#include "tree.h"
#include "who.h"

#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_PFN	((1ULL << 55) - 1)
#define ENTRIES		8192

/* Sanitizers reserve terabytes, which take minutes to look through. */
#define MAPPING_MAX	(64ULL << 30)

struct process {
	const char *pid;
	const char *comm;
};

/* A line of maps: "start-end perms offset major:minor inode path". */
struct mapping {
	uint64_t start;
	uint64_t end;
	uint64_t major;
	uint64_t minor;
	uint64_t inode;
	const char *path;
};

static bool parse_mapping(const char *line, struct mapping *m)
{
	int path = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %*x %" SCNx64 ":%" SCNx64
		   " %" SCNu64 " %n", &m->start, &m->end, &m->major, &m->minor,
		   &m->inode, &path) != 5 || m->end <= m->start)
		return false;
	m->path = path ? line + path : "";
	return true;
}

static struct page *page_of(struct who *w, uint64_t pfn)
{
	size_t low = 0, high = w->pages, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (w->page[middle].pfn == pfn)
			return &w->page[middle];
		if (w->page[middle].pfn < pfn)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Is there a page that a process may map, and whose number we may know? */
static bool wants_pagemap(const struct who *w)
{
	size_t i;

	for (i = 0; i < w->pages; i++)
		if (w->page[i].pfn && w->page[i].maps)
			return true;
	return false;
}

static void look_at_entries(struct who *w, const struct process *p,
			    const struct mapping *m, const uint64_t *entry,
			    size_t nr)
{
	struct page *page;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!(entry[i] & PAGEMAP_PRESENT) || !(entry[i] & PAGEMAP_PFN))
			continue;
		page = page_of(w, entry[i] & PAGEMAP_PFN);
		if (page)
			users_add(&page->users, p->pid, p->comm, *m->path ?
				  mem_format("maps it (%s)", m->path) : "maps it");
	}
}

static void look_at_mapping(struct who *w, const struct process *p,
			    const struct mapping *m, int fd)
{
	static uint64_t entry[ENTRIES];
	uint64_t at = m->start / w->r->page_size, end = m->end / w->r->page_size;
	size_t want;
	ssize_t n;

	if (m->end - m->start > MAPPING_MAX) {
		w->skipped++;
		return;
	}
	while (at < end && at < INT64_MAX / sizeof(*entry)) {
		want = end - at < ENTRIES ? end - at : ENTRIES;
		n = pread(fd, entry, want * sizeof(*entry), at * sizeof(*entry));
		if (n < (ssize_t)sizeof(*entry))
			return;
		n /= sizeof(*entry);
		look_at_entries(w, p, m, entry, n);
		at += n;
	}
}

static struct file *file_of(struct who *w, uint64_t major, uint64_t minor,
			    uint64_t inode)
{
	size_t i;

	for (i = 0; i < w->files; i++)
		if (w->file[i].inode == inode && w->file[i].major == major &&
		    w->file[i].minor == minor)
			return &w->file[i];
	return NULL;
}

static void found_file(struct file *f, const struct process *p,
		       const char *path, const char *how)
{
	if (!f)
		return;
	if (!f->path && path && *path)
		f->path = mem_copy(path);
	users_add(&f->users, p->pid, p->comm, how);
}

static void look_at_maps(struct who *w, const struct process *p, bool pagemap)
{
	char *content = tree_read("/proc/%s/maps", p->pid), *line;
	int fd = -1;

	if (pagemap)
		fd = tree_open(O_RDONLY, "/proc/%s/pagemap", p->pid);
	while ((line = strsep(&content, "\n"))) {
		struct mapping m;

		if (!parse_mapping(line, &m))
			continue;
		if (m.inode)
			found_file(file_of(w, m.major, m.minor, m.inode), p,
				   m.path, "maps it");
		if (!strncmp(m.path, "/dmabuf:", 8))
			users_add(&dmabuf_of(w, m.inode)->users, p->pid, p->comm,
				  "maps it");
		if (fd >= 0)
			look_at_mapping(w, p, &m, fd);
	}
	if (fd >= 0)
		close(fd);
}

/* Since 5.14 fdinfo has the inode's number; its device is that of the mount. */
static bool device_of_mount(const struct process *p, uint64_t mount,
			    uint64_t *major, uint64_t *minor)
{
	char *content = tree_read("/proc/%s/mountinfo", p->pid), *line;
	uint64_t id;

	while ((line = strsep(&content, "\n")))
		if (sscanf(line, "%" SCNu64 " %*u %" SCNu64 ":%" SCNu64, &id,
			   major, minor) == 3 && id == mount)
			return true;
	return false;
}

static void look_at_open_file(struct who *w, const struct process *p,
			      const struct pairs *info, const char *fd)
{
	uint64_t major, minor, inode, mount;
	struct stat st;

	if (pairs_u64(info, "ino", &inode)) {
		if (!pairs_u64(info, "mnt_id", &mount) ||
		    !device_of_mount(p, mount, &major, &minor))
			return;
	} else {
		if (stat(tree_path(mem_format("/proc/%s/fd/%s", p->pid, fd)), &st))
			return;
		major = major(st.st_dev);
		minor = minor(st.st_dev);
		inode = st.st_ino;
	}
	found_file(file_of(w, major, minor, inode), p,
		   tree_link("/proc/%s/fd/%s", p->pid, fd), "has it open");
}

static void look_at_dmabuf(struct who *w, const struct process *p,
			   const struct pairs *info, const char *fd)
{
	struct dmabuf *buf;
	uint64_t inode;
	struct stat st;

	if (!pairs_u64(info, "ino", &inode)) {
		if (stat(tree_path(mem_format("/proc/%s/fd/%s", p->pid, fd)), &st))
			return;
		inode = st.st_ino;
	}
	buf = dmabuf_of(w, inode);
	buf->exporter = mem_copy(pairs_get(info, "exp_name"));
	buf->bytes = pairs_or_0(info, "size");
	if (pairs_get(info, "name"))
		buf->name = mem_copy(pairs_get(info, "name"));
	users_add(&buf->users, p->pid, p->comm, mem_format("has it as fd %s", fd));
}

static void look_at_fds(struct who *w, const struct process *p)
{
	char **fd = tree_list("/proc/%s/fdinfo", p->pid);
	struct pairs info;

	for (; *fd; fd++) {
		tree_pairs(&info, "/proc/%s/fdinfo/%s", p->pid, *fd);
		if (pairs_get(&info, "exp_name"))
			look_at_dmabuf(w, p, &info, *fd);
		else if (w->files)
			look_at_open_file(w, p, &info, *fd);
	}
}

/* Where the file system is, if nothing is known of the file itself. */
static void name_mounts(struct who *w)
{
	char *content = tree_read("/proc/self/mountinfo"), *line, at[256];
	uint64_t major, minor;
	struct file *f;
	size_t i;

	while ((line = strsep(&content, "\n"))) {
		if (sscanf(line, "%*u %*u %" SCNu64 ":%" SCNu64 " %*s %255s",
			   &major, &minor, at) != 3)
			continue;
		for (i = 0; i < w->files; i++) {
			f = &w->file[i];
			if (!f->path && f->major == major && f->minor == minor)
				f->path = mem_format("inode %" PRIu64 " on %s",
						     f->inode, text_unescape(at));
		}
	}
}

static bool is_number(const char *name)
{
	return *name && !name[strspn(name, "0123456789")];
}

void proc_find(struct who *w)
{
	char **pid = tree_list("/proc");
	bool pagemap = wants_pagemap(w);
	size_t i;

	for (; *pid; pid++) {
		struct process p = { .pid = *pid };

		if (!is_number(*pid))
			continue;
		p.comm = tree_line("/proc/%s/comm", *pid);
		if (!p.comm)
			continue;
		/* A kernel thread maps nothing. */
		if (pagemap || w->files)
			look_at_maps(w, &p, pagemap);
		look_at_fds(w, &p);
	}
	name_mounts(w);
	for (i = 0; i < w->pages; i++) {
		struct page *page = &w->page[i];

		/* A page of a file that is not mapped: who has the file. */
		if (page->file && !page->users.nr)
			page->users = page->file->users;
	}
}
