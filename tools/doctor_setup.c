// SPDX-License-Identifier: GPL-2.0-only
/* What is wrong before the first request: module, debugfs, areas, devices. */
#include <inttypes.h>
#include <string.h>

#include "doctor.h"
#include "text.h"
#include "tree.h"

static void no_module(struct findings *fs, const struct klog *log)
{
	struct finding *f;
	struct pairs memory;
	const char *said;

	f = finding_add(fs, "module-not-loaded", true,
			"The module cma_bulk is not loaded.");
	said = klog_last(log, "cma_bulk", "");
	if (klog_last(log, "Lockdown: ", "unsigned module"))
		finding_why(f, "The kernel's log: %s",
			    klog_last(log, "Lockdown: ", "unsigned module"));
	else if (said)
		finding_why(f, "The last that the kernel's log has of it: %s", said);
	tree_pairs(&memory, "/proc/meminfo");
	if (memory.nr && !pairs_get(&memory, "CmaTotal"))
		finding_why(f, "/proc/meminfo has no CmaTotal: this kernel is built without CONFIG_CMA, and the module cannot be loaded into it.");
	finding_todo(f, "cma-bulk load, as root. If there is no such module: build it for this kernel, or let DKMS do that (README.md, \"On a device\").");
	if (klog_last(log, "Lockdown: ", "unsigned module"))
		finding_todo(f, "Sign the module with a key that the kernel trusts.");
}

static const char *lockdown_mode(void)
{
	char *line = tree_line("/sys/kernel/security/lockdown"), *end;

	line = line ? strchr(line, '[') : NULL;
	end = line ? strchr(line, ']') : NULL;
	return end ? mem_copy_n(line + 1, end - line - 1) : NULL;
}

static bool debugfs_mounted(void)
{
	const char *mounts = tree_read("/proc/mounts");

	return mounts && strstr(mounts, " /sys/kernel/debug debugfs ");
}

static void no_debugfs(struct findings *fs)
{
	struct finding *f;

	if (debugfs_mounted()) {
		f = finding_add(fs, "debugfs-without-module", true,
				"debugfs is mounted, but has no folder cma_bulk.");
		finding_why(f, "The kernel was booted with debugfs=off or debugfs=no-mount, or the module was built without it.");
	} else {
		f = finding_add(fs, "debugfs-not-mounted", true,
				"debugfs is not mounted.");
		finding_why(f, "Requests, maps and lists of blockers are in /sys/kernel/debug/cma_bulk.");
		finding_todo(f, "mount -t debugfs debugfs /sys/kernel/debug");
	}
	finding_todo(f, "Without debugfs: sums and settings are in " SYSFS ", memory comes from /dev/dma_heap/cma_bulk-<region> or a driver.");
}

void doctor_reach(struct findings *fs, enum reach reach, const struct klog *log)
{
	const char *mode = lockdown_mode();
	struct finding *f;

	switch (reach) {
	case REACH_NO_MODULE:
		no_module(fs, log);
		break;
	case REACH_NOT_MOUNTED:
		no_debugfs(fs);
		break;
	case REACH_DENIED:
		f = finding_add(fs, "no-permission", true,
				"You may not read " DEBUGFS ".");
		finding_todo(f, "Run this as root. What all may read is in " SYSFS ".");
		break;
	case REACH_LOCKED:
		f = finding_add(fs, "debugfs-locked-down", true,
				"The kernel is locked down and refuses access to debugfs.");
		finding_why(f, "/sys/kernel/security/lockdown: %s",
			    mode ? mode : "cannot be read");
		finding_todo(f, "Use " SYSFS " for sums and settings, and /dev/dma_heap/cma_bulk-<region> or a driver for memory.");
		finding_todo(f, "Or boot without a lockdown: secure boot, lockdown= on the command line.");
		break;
	case REACH_ALL:
		break;
	}
}

static void list_skipped(struct finding *f, const struct table *t)
{
	uint64_t bytes;
	size_t i;

	for (i = 0; i < t->rows && i < 20; i++) {
		const char *name = table_get(t, i, "name");
		const char *reason = table_get(t, i, "reason");

		table_u64(t, i, "size_bytes", &bytes);
		finding_why(f, "%s (%s): %s", name ? name : "?",
			    bytes ? text_bytes(bytes) : "no size",
			    reason ? reason : "no reason is given");
	}
}

static const char *command_line_cma(void)
{
	char *line = tree_line("/proc/cmdline"), *word;

	while ((word = strsep(&line, " ")))
		if (!strncmp(word, "cma=", 4))
			return word;
	return NULL;
}

void doctor_no_region(struct findings *fs, const struct klog *log)
{
	const char *cma = command_line_cma(), *said;
	struct table skipped;
	struct pairs memory;
	struct finding *f;

	tree_table(&skipped, DEBUGFS "/skipped");
	tree_pairs(&memory, "/proc/meminfo");
	if (skipped.rows) {
		f = finding_add(fs, "areas-skipped", true,
				"There is no region: none of the areas or nodes can be used.");
		list_skipped(f, &skipped);
		finding_todo(f, "Change the node of /reserved-memory in the device tree as its line says, and boot again.");
	} else {
		f = finding_add(fs, "no-area", true,
				"There is no region: this system reserves no CMA area.");
	}
	finding_why(f, "Command line: %s. CmaTotal: %s.",
		    cma ? cma : "has no cma=", pairs_get(&memory, "CmaTotal") ?
		    pairs_get(&memory, "CmaTotal") : "not in /proc/meminfo");
	said = klog_last(log, "cma: ", "ailed to reserve");
	if (said)
		finding_why(f, "The kernel's log: %s", said);
	finding_todo(f, "Boot with cma=512M on the command line%s, or add a child with compatible = \"shared-dma-pool\" and reusable to /reserved-memory in the device tree.",
		     cma ? " instead" : "");
}

void doctor_skipped(struct findings *fs)
{
	struct table skipped;
	struct finding *f;

	tree_table(&skipped, DEBUGFS "/skipped");
	if (!skipped.rows)
		return;
	f = finding_add(fs, "not-all-are-regions", false,
			"Some areas or nodes of /reserved-memory are no regions.");
	list_skipped(f, &skipped);
	finding_todo(f, "If one of these was meant to be a region, change it as its line says.");
}

/* Devices whose driver has set no mask that reaches the end of the region. */
static void list_pci_masks(struct text *t, uint64_t end)
{
	char **dev = tree_list("/sys/bus/pci/devices");
	const char *class;
	uint64_t bits;

	for (; *dev; dev++) {
		class = tree_line("/sys/bus/pci/devices/%s/class", *dev);
		/* Bridges have drivers, but move no memory. */
		if (!class || !strncmp(class, "0x06", 4) ||
		    !tree_exists("/sys/bus/pci/devices/%s/driver", *dev))
			continue;
		if (!text_u64(tree_line("/sys/bus/pci/devices/%s/dma_mask_bits",
					*dev), &bits) || bits >= 64 ||
		    end <= 1ULL << bits)
			continue;
		text_add(t, "%s%s (%" PRIu64 " bits)", t->len ? ", " : "", *dev, bits);
	}
}

static const char *said_of_masks(const struct klog *log)
{
	const char *said = klog_last(log, "cma_bulk: region", "the device reaches up to");

	if (!said)
		said = klog_last(log, "overflow", "(mask ");
	if (!said)
		said = klog_last(log, "overflow", "DMA mask");
	return said;
}

void doctor_mask(struct findings *fs, const struct region *r,
		 const struct klog *log)
{
	const char *said = said_of_masks(log);
	uint64_t end = r->base + r->bytes;
	struct text devices = { 0 };
	struct finding *f;

	list_pci_masks(&devices, end);
	if (!said && !devices.len)
		return;
	f = finding_add(fs, "dma-mask-too-small", said,
			said ? "A device cannot reach all of the memory that it was given." :
			"Some devices cannot reach all of the region.");
	if (said)
		finding_why(f, "The kernel's log: %s", said);
	finding_why(f, "%s ends at 0x%" PRIx64 "%s.", r->name, end,
		    end > 1ULL << 32 ? ", above what 32 bits of address reach" : "");
	if (devices.len)
		finding_why(f, "Devices with less, on PCI: %s", devices.s);
	finding_todo(f, "If the device can do more, its driver has to say so: dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)).");
	finding_todo(f, "If not, put the area below: alloc-ranges = <0x0 0x0 0x1 0x0> in its node, or cma=SIZE@0-4G on the command line; or use an IOMMU.");
}
