# SPDX-License-Identifier: GPL-2.0-only
# OpenWrt's package.mk wants the name and the version by now.
$(if $(and $(PKG_NAME),$(PKG_VERSION),$(PKG_RELEASE)),,$(error PKG_NAME, PKG_VERSION or PKG_RELEASE is missing))
