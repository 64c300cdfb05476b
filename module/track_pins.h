/* SPDX-License-Identifier: GPL-2.0-only */
/* Who takes references to pages, as return probes tell it. */
#ifndef CMA_BULK_TRACK_PINS_H
#define CMA_BULK_TRACK_PINS_H

int cb_track_pins_start(void);
void cb_track_pins_stop(void);
unsigned long cb_track_pins_missed(void);
const char *cb_track_pins_state(void);

#endif
