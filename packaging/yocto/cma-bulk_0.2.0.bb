# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel module cma_bulk, as package kernel-module-cma-bulk; its header for
# drivers is in cma-bulk-dev. See packaging/README.md.

SUMMARY = "Thousands of high-order pages from CMA at once"
DESCRIPTION = "A kernel module that hands out thousands of contiguous chunks of \
memory from reserved CMA areas, and tells which pages are in the way."
SECTION = "kernel/modules"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://LICENSE;md5=b234ee4d69f5fce4486a80fdaf4a4263"

inherit module

# The archive that "make dist" writes, in a folder "files" beside this recipe. Or a
# repository: then S is where that is unpacked.
SRC_URI = "file://${BP}.tar.gz"

# Test modules are for the project's own guests.
EXTRA_OEMAKE += "CMA_BULK_TESTS="

do_install:append() {
	install -D -m 0644 ${S}/include/cma_bulk/cma_bulk.h \
		${D}${includedir}/cma_bulk/cma_bulk.h
}

# A product that wants the module at boot:
#KERNEL_MODULE_AUTOLOAD += "cma_bulk"
