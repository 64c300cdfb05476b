# SPDX-License-Identifier: GPL-2.0-only
# What OpenWrt's rules.mk would define, as far as our Makefile uses it. LINUX_DIR,
# BUILD_DIR, LINUX_VERSION and TARGET_CROSS come from the command line.
INCLUDE_DIR := $(TOPDIR)
CP := cp -fpR
BASH := bash
