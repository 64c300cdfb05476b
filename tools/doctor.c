// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk doctor: what is wrong, and what to do. */
#include "commands.h"
#include "doctor.h"

static enum status ended(const struct options *o, const struct findings *fs,
			 enum status status)
{
	if (o->json)
		findings_json(fs);
	else
		findings_print(fs);
	if (status == STATUS_GOOD && findings_problem(fs))
		return STATUS_FAILED;
	return status;
}

enum status cmd_doctor(const struct options *o)
{
	struct findings fs = { 0 };
	const struct region *r;
	struct regions rs;
	struct klog log;
	enum status status;

	klog_load(&log);
	regions_load(&rs);
	if (rs.reach != REACH_ALL) {
		doctor_reach(&fs, rs.reach, &log);
		return ended(o, &fs, STATUS_NO_ACCESS);
	}
	if (!rs.nr) {
		doctor_no_region(&fs, &log);
		doctor_kernel_log(&fs, &rs, NULL, &log);
		return ended(o, &fs, STATUS_GOOD);
	}
	r = region_pick(&rs, o->region, false, &status);
	if (!r)
		return status;
	doctor_last(&fs, r);
	doctor_kernel_log(&fs, &rs, r, &log);
	doctor_mask(&fs, r, &log);
	doctor_stats(&fs, r);
	doctor_skipped(&fs);
	return ended(o, &fs, STATUS_GOOD);
}
