# SPDX-License-Identifier: GPL-2.0-only
#
# Entry points; kbuild reads Kbuild. `make help` lists them.

# As Yocto, Buildroot and OpenWrt call it: KERNEL_SRC, KERNEL_DIR, LINUX_DIR. ARCH,
# CROSS_COMPILE, O and whatever else is given go on to kbuild.
KDIR ?= $(firstword $(KERNEL_SRC) $(KERNEL_DIR) $(LINUX_DIR) /lib/modules/$(shell uname -r)/build)
# The test modules are built beside the product, except for an installation
# (dkms.conf passes an empty CMA_BULK_TESTS).
CMA_BULK_TESTS ?= m

# For `make test`: names from scripts/kernels, or all for those of a whole run. By default
# two, on which what is repeated to meet a race is done less often.
KERNELS ?= arm64-6.12 amd64-backports
all-kernels = $(shell awk '/^[^\#]/ && $$NF == "-" { print $$1 }' scripts/kernels)
kernels = $(if $(filter all,$(KERNELS)),$(all-kernels)) \
	$(filter-out all $(if $(filter all,$(KERNELS)),$(all-kernels)),$(KERNELS))
quick := $(if $(filter file,$(origin KERNELS)),--quick)

.PHONY: modules modules_install clean tools install-tools unit test dkms-test demo soak bench bench-smoke check docs help
.PHONY: device-kit

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) CMA_BULK_TESTS=$(CMA_BULK_TESTS) modules

# To INSTALL_MOD_PATH, or MODLIB. kbuild installs what the last build has listed in
# modules.order, and test modules are not for installation: hence the build.
modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) CMA_BULK_TESTS= modules
	$(MAKE) -C $(KDIR) M=$(CURDIR) CMA_BULK_TESTS= modules_install

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) CMA_BULK_TESTS=$(CMA_BULK_TESTS) clean
	[ ! -f tests/unit/Makefile ] || $(MAKE) -C tests/unit clean
	[ ! -f tests/tools/Makefile ] || $(MAKE) -C tests/tools clean
	[ ! -f tools/Makefile ] || $(MAKE) -C tools clean

tools:
	@scripts/deps --tools
	$(MAKE) -C tools

# With DESTDIR and PREFIX.
install-tools:
	$(MAKE) -C tools install

unit:
	$(MAKE) -C tests/unit check
	$(MAKE) -C tests/tools check

test:
	@[ -n "$(strip $(kernels))" ] || { echo 'KERNELS is empty' >&2; exit 2; }
	@scripts/deps $(kernels)
	@scripts/run-tests $(quick) $(kernels:%=--kernel %)

dkms-test:
	@scripts/deps --dkms
	@scripts/dkms-test

# Packages: in build/deb, for distributions and build systems.
.PHONY: dist deb packaging-test

version := $(shell cat VERSION)

# Of the last commit, not of what is changed since.
dist:
	@mkdir -p build/dist
	git archive --prefix=cma-bulk-$(version)/ -o build/dist/cma-bulk-$(version).tar.gz HEAD

deb:
	@scripts/deps --deb
	@scripts/deb

packaging-test:
	@scripts/deps arm64-6.12 +pahole
	@tests/packaging/run

# For KDIR, with ARCH and CROSS_COMPILE as kbuild wants them; or for KERNEL=NAME of
# scripts/kernels.
device-kit:
	@scripts/deps --device-kit '$(if $(KERNEL),,$(or $(ARCH),host))' $(KERNEL)
	@scripts/device-kit $(if $(KERNEL),--kernel '$(KERNEL)',--kdir '$(KDIR)' --arch '$(ARCH)' \
		--cross-compile '$(CROSS_COMPILE)')

demo:
	@scripts/deps
	@scripts/demo

# MINUTES=60
soak:
	@scripts/deps amd64-6.12-debug
	@scripts/soak --minutes $(or $(MINUTES),60)

bench:
	@scripts/deps arm64-6.12 arm64-6.1 arm64-backports +gnuplot-nox
	@scripts/bench

bench-smoke:
	@scripts/deps
	@scripts/run-tests --kernel arm64-6.12 --only bench-smoke

check:
	@scripts/check

docs:
	@scripts/deps --docs
	@scripts/docs

help:
	@echo 'make [modules]   build against KDIR (default: the running kernel)'
	@echo 'make modules_install  install it, with INSTALL_MOD_PATH'
	@echo 'make CMA_BULK_GKI=1 for trimmed kernels, see docs/howto/vendor-kernel.rst'
	@echo 'make demo        4,800 order-4 chunks on a stock kernel, in a guest'
	@echo 'make test        all tests, here and in guests of two stock kernels'
	@echo '                 ($(KERNELS))'
	@echo 'make test KERNELS=all  on the whole table, as CI does, and more thoroughly:'
	@echo '                 $(all-kernels)'
	@echo 'make test KERNELS="NAME ..."  on these of scripts/kernels'
	@echo 'make soak        all of it at once in a guest that checks itself, for MINUTES (60)'
	@echo 'make bench       all engines side by side; writes docs/benchmarks.md (an hour)'
	@echo 'make bench-smoke the part of it that make test runs'
	@echo 'make deb         the Debian packages cma-bulk-dkms and cma-bulk, in build/deb; root'
	@echo 'make dist        the archive of a release, in build/dist'
	@echo 'make dkms-test   a fresh Debian installs the packages, boots, gets newer ones; root'
	@echo 'make packaging-test  the module as Yocto, Buildroot and OpenWrt build it'
	@echo 'make device-kit KDIR=... [ARCH= CROSS_COMPILE=]  a tar with tests for a real device,'
	@echo '                 in build/device-kit: docs/howto/lab.rst'
	@echo 'make tools       the command cma-bulk, in build/tool/host'
	@echo 'make install-tools  install it, with DESTDIR and PREFIX (/usr/local)'
	@echo 'make unit        only the tests of the pure core and of the command'
	@echo 'make check       style and static checks'
	@echo 'make docs        HTML of docs/ and of the API, in build/docs'
	@echo 'make clean       remove what modules and unit built; downloads stay in build/'
