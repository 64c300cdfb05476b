// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that takes 4,800 chunks from the region of its device and maps them
 * for DMA. The device, in the device tree:
 *
 *	codec {
 *		compatible = "cma-bulk,example";
 *		memory-region = <&codec_pool>;
 *	};
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <cma_bulk/cma_bulk.h>

#define ORDER	4
#define CHUNKS	4800
#define DMA_BITS	36	/* addresses that the device can send out */

struct example {
	struct device *dev;
	struct sg_table table;
};

/* When the driver is detached. Then the chunks go back by themselves. */
static void unmap_chunks(void *data)
{
	struct example *ex = data;

	dma_unmap_sgtable(ex->dev, &ex->table, DMA_BIDIRECTIONAL, 0);
	sg_free_table(&ex->table);
}

static int map_chunks(struct example *ex, struct page **pages, size_t nr)
{
	struct scatterlist *sg;
	unsigned int i;
	int ret = sg_alloc_table(&ex->table, nr, GFP_KERNEL);

	if (ret)
		return ret;
	for_each_sgtable_sg(&ex->table, sg, i)
		sg_set_page(sg, pages[i], PAGE_SIZE << ORDER, 0);
	ret = dma_map_sgtable(ex->dev, &ex->table, DMA_BIDIRECTIONAL, 0);
	if (ret)
		sg_free_table(&ex->table);
	return ret ?: devm_add_action_or_reset(ex->dev, unmap_chunks, ex);
}

static int example_probe(struct platform_device *pdev)
{
	struct cma_bulk_request req = { .order = ORDER, .count = CHUNKS,
					.retries = 3, .retry_delay_ms = 50 };
	struct device *dev = &pdev->dev;
	struct cma_bulk_region *region;
	struct example *ex;
	struct page **pages;
	size_t nr;
	int ret;

	ex = devm_kzalloc(dev, sizeof(*ex), GFP_KERNEL);
	if (!ex)
		return -ENOMEM;
	ex->dev = dev;
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(DMA_BITS));
	if (ret)
		return ret;
	region = devm_cma_bulk_region_get_by_device(dev);
	if (!region)
		return dev_err_probe(dev, -ENODEV, "no region\n");
	pages = devm_cma_bulk_alloc(dev, region, &req, &nr);
	if (IS_ERR(pages))
		return dev_err_probe(dev, PTR_ERR(pages), "no chunks\n");
	ret = map_chunks(ex, pages, nr);
	if (ret)
		return ret;
	dev_info(dev, "%zu chunks in %u segments for DMA\n", nr,
		 ex->table.nents);
	return 0;
}

static const struct of_device_id example_ids[] = {
	{ .compatible = "cma-bulk,example" },
	{ }
};
MODULE_DEVICE_TABLE(of, example_ids);

static struct platform_driver example_driver = {
	.probe = example_probe,
	.driver = { .name = "cma_bulk_example", .of_match_table = example_ids },
};
module_platform_driver(example_driver);

MODULE_DESCRIPTION("An example of a driver that uses cma_bulk");
MODULE_LICENSE("GPL");
