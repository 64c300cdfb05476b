# SPDX-License-Identifier: GPL-2.0-only
# The call of kbuild that OpenWrt's include/kernel.mk makes, with the same variables;
# and of its KernelPackage the order: prepare, compile, the files that are packed.
KERNEL_MAKE = $(MAKE) $(KERNEL_MAKEOPTS)
KERNEL_MAKE_FLAGS = \
	KCFLAGS="-fmacro-prefix-map=$(BUILD_DIR)=$(notdir $(BUILD_DIR))" \
	KAFLAGS="-fmacro-prefix-map=$(BUILD_DIR)=$(notdir $(BUILD_DIR))" \
	HOSTCFLAGS="-O2 -Wall -Wmissing-prototypes -Wstrict-prototypes" \
	CROSS_COMPILE="$(TARGET_CROSS)" \
	ARCH="arm64" \
	KBUILD_HAVE_NLS=no \
	KBUILD_BUILD_USER="" \
	KBUILD_BUILD_HOST="" \
	KBUILD_BUILD_TIMESTAMP="Thu Jan  1 00:00:00 1970" \
	KBUILD_BUILD_VERSION="0" \
	KBUILD_HOSTLDFLAGS="-L/nowhere/lib" \
	CONFIG_SHELL="$(BASH)" \
	V='' \
	cmd_syscalls= \
	KBUILD_EXTRA_SYMBOLS="" \
	CC="$(TARGET_CROSS)gcc" \
	KERNELRELEASE=$(LINUX_VERSION)
KERNEL_MAKEOPTS = -C $(LINUX_DIR) $(KERNEL_MAKE_FLAGS)

PKG_BUILD_DIR = $(BUILD_DIR)/$(PKG_NAME)-$(PKG_VERSION)
AutoProbe = 0 0 $(1)

define KernelPackage
$(eval $(call KernelPackage/$(1)))
.PHONY: compile
compile:
	$$(call Build/Prepare)
	$$(call Build/Compile)
	mkdir -p $(BUILD_DIR)/packed
	$(CP) -L $(FILES) $(BUILD_DIR)/packed/
	echo "$(AUTOLOAD)" >$(BUILD_DIR)/autoload
	echo "$(KCONFIG)" >$(BUILD_DIR)/kconfig
endef
