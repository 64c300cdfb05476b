# SPDX-License-Identifier: GPL-2.0-only
include $(sort $(wildcard $(BR2_EXTERNAL_CMA_BULK_PATH)/package/*/*.mk))
