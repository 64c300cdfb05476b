// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch PROGRAM: "map --watch" on a terminal of 80 columns that becomes one of 40;
 * then a key ends it, and once more Ctrl-C. Says what is wrong, and fails then.
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#define CLEAR		"\033[2J"
#define LAST_LINE	"q ends it"
#define DEADLINE_MS	20000

static char seen[1 << 20];
static size_t len;

static void fail(const char *what)
{
	printf("%s\nthe terminal has seen: %.2000s\n", what, seen);
	exit(1);
}

/* Until the terminal has seen @text; what was seen before is forgotten. */
static void wait_for(int fd, const char *text)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	len = 0;
	seen[0] = '\0';
	while (!strstr(seen, text)) {
		if (len + 1 == sizeof(seen) || poll(&p, 1, DEADLINE_MS) <= 0)
			fail("what was waited for has not come");
		n = read(fd, seen + len, sizeof(seen) - 1 - len);
		if (n <= 0)
			fail("the program has ended early");
		len += n;
		seen[len] = '\0';
	}
}

/* Columns of the widest line of what was seen since the last clearing. */
static int widest(void)
{
	const char *s = seen, *next;
	int width = 0, max = 0;

	while ((next = strstr(s, CLEAR)))
		s = next + strlen(CLEAR);
	for (; *s; s++) {
		if (*s == '\033') {
			s += strcspn(s, "mhlHJ");
			continue;
		}
		if (*s == '\n' || *s == '\r')
			width = 0;
		else
			width += (*s & 0xc0) != 0x80;
		if (width > max)
			max = width;
	}
	return max;
}

static void watch(const char *program, char key)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct termios before, after;
	int fd, slave, status;
	pid_t pid;

	if (openpty(&fd, &slave, NULL, NULL, &size) || tcgetattr(slave, &before))
		fail("no terminal");
	pid = fork();
	if (!pid) {
		close(fd);
		login_tty(slave);
		execl(program, program, "map", "--watch", "--interval=200", NULL);
		_exit(127);
	}
	wait_for(fd, LAST_LINE);
	if (widest() > 80)
		fail("a line is wider than 80 columns");
	if (widest() < 45)
		fail("80 columns are not used");
	size.ws_col = 40;
	ioctl(fd, TIOCSWINSZ, &size);
	/* One drawing may have been on its way. */
	wait_for(fd, LAST_LINE);
	wait_for(fd, LAST_LINE);
	if (widest() > 40)
		fail("a line is wider than 40 columns");
	if (write(fd, &key, 1) != 1)
		fail("no key");
	wait_for(fd, "\033[?1049l");
	/* What it has still to say fits the terminal's buffer. */
	waitpid(pid, &status, 0);
	tcgetattr(slave, &after);
	close(slave);
	close(fd);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail("it does not end well");
	if (before.c_lflag != after.c_lflag)
		fail("the terminal is not as it was");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	watch(argv[1], 'q');
	watch(argv[1], 3);
	return 0;
}
