# SPDX-License-Identifier: GPL-2.0-only
# Sphinx reads this from the copy of docs/ that scripts/docs makes.
import os

project = 'cma_bulk'
author = 'The cma_bulk authors'
copyright = author
version = release = os.environ.get('CMA_BULK_VERSION', '')

extensions = ['myst_parser']
source_suffix = {'.rst': 'restructuredtext', '.md': 'markdown'}
root_doc = 'index'
exclude_patterns = ['ABI']
primary_domain = 'c'
highlight_language = 'none'
# A page of tables may begin a section below its own title.
suppress_warnings = ['myst.header']

# Types that the kernel defines, or this page does not show.
nitpick_ignore = [('c:identifier', name) for name in (
    'bool', 'size_t', 'phys_addr_t', '__u32', '__u64', 'cma', 'device', 'page',
    'cma_bulk_region')]

html_theme = 'alabaster'
html_theme_options = {
    'description': 'Thousands of high-order pages at once from a CMA region',
    'fixed_sidebar': True,
    'page_width': '1100px',
    'body_max_width': '820px',
    'font_family': 'sans-serif',
}
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
