// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk map --watch: the map, redrawn in place. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "map.h"
#include "mem.h"
#include "term.h"
#include "tree.h"

/* Around the cells: the heading, the legend, which may take lines, the last. */
#define OTHER_LINES	7

static volatile sig_atomic_t ended;
static volatile sig_atomic_t resized;

static void on_signal(int sig)
{
	if (sig == SIGWINCH)
		resized = 1;
	else
		ended = 1;
}

/* They come only while ppoll() waits, so none is missed before it. */
static void catch_signals(sigset_t *outside)
{
	static const int nr[] = { SIGWINCH, SIGINT, SIGTERM, SIGHUP };
	struct sigaction act = { .sa_handler = on_signal };
	sigset_t block;
	size_t i;

	sigemptyset(&block);
	for (i = 0; i < ARRAY_SIZE(nr); i++) {
		sigaddset(&block, nr[i]);
		sigaction(nr[i], &act, NULL);
	}
	sigprocmask(SIG_BLOCK, &block, outside);
	for (i = 0; i < ARRAY_SIZE(nr); i++)
		sigdelset(outside, nr[i]);
}

/* Keys one by one and not shown; false if nothing can be typed. */
static bool quiet_keys(struct termios *was)
{
	struct termios keys;

	if (tcgetattr(STDIN_FILENO, was))
		return false;
	keys = *was;
	keys.c_lflag &= ~(ICANON | ECHO);
	keys.c_cc[VMIN] = 1;
	keys.c_cc[VTIME] = 0;
	return !tcsetattr(STDIN_FILENO, TCSANOW, &keys);
}

static void draw(const struct region *r)
{
	struct blocks b;
	void *mark = mem_mark();

	if (resized) {
		resized = 0;
		term_measure();
	}
	blocks_load(&b, r);
	fputs("\033[H\033[2J", stdout);
	map_print(r, &b, term.height > OTHER_LINES + 1 ?
		  term.height - OTHER_LINES : 1);
	/* Without a newline: one in the last line would scroll. */
	fputs("q ends it", stdout);
	fflush(stdout);
	mem_release(mark);
}

/* Until it is time to draw again, or to end. */
static void wait_key(bool keys, const struct timespec *interval,
		     const sigset_t *outside)
{
	struct pollfd fd = { .fd = keys ? STDIN_FILENO : -1, .events = POLLIN };
	char key;
	int n;

	n = ppoll(&fd, 1, interval, outside);
	if (n <= 0)
		return;
	if (read(STDIN_FILENO, &key, 1) < 1 || key == 'q' || key == 'Q')
		ended = 1;
}

enum status map_watch(const struct region *r, unsigned int interval_ms)
{
	struct timespec interval = { interval_ms / 1000,
				     interval_ms % 1000 * 1000000L };
	struct termios was;
	sigset_t outside;
	bool keys;

	if (!term.tty) {
		complain("--watch needs a terminal");
		return STATUS_USAGE;
	}
	catch_signals(&outside);
	keys = quiet_keys(&was);
	/* The alternate screen, without a cursor. */
	fputs("\033[?1049h\033[?25l", stdout);
	while (!ended && tree_exists(DEBUGFS "/%s/blocks", r->dir)) {
		draw(r);
		wait_key(keys, &interval, &outside);
	}
	fputs("\033[?25h\033[?1049l", stdout);
	fflush(stdout);
	if (keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &was);
	if (ended)
		return STATUS_GOOD;
	complain("%s is gone", r->name);
	return STATUS_NO_ACCESS;
}
