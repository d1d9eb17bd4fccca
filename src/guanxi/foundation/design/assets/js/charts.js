// Charts, a file of its own (charts.js), loaded on pages that have one. What they show stands in a table beside them,
// which is what keys and screen readers use. The data come as JSON beside the place, colours from the tokens.
import { init, use } from 'echarts/core';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, LegendComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, SVGRenderer]);

const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--gx-${name}`).trim();

function options(data, small) {
  const words = { color: token('ink-3'), fontSize: 12, fontFamily: token('font') };
  const series = data.series.map((one, at) => {
    const color = token(one.tone || `c${at % 4 + 1}`);
    const shape = { name: one.name, type: one.line ? 'line' : 'bar', data: one.values, color, animation: false, cursor: one.urls ? 'pointer' : 'default' };
    if (one.line) return { ...shape, symbol: 'circle', symbolSize: 5, lineStyle: { color, width: 2, type: one.dashed ? [3, 3] : 'solid' } };
    return { ...shape, stack: data.stacked ? 'all' : undefined, barMaxWidth: 28 };
  });
  return {
    animation: false, textStyle: words,
    grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
    legend: { left: 0, top: 0, itemWidth: 12, itemHeight: 8, textStyle: words, type: 'plain' },
    // As text in the picture: the security policy lets no markup carry styles.
    tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow', shadowStyle: { color: token('hover') } }, backgroundColor: token('raised') || token('bg'), borderColor: token('line-2'), textStyle: { ...words, color: token('ink') } },
    xAxis: { type: 'category', data: data.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: token('line-2') } }, axisLabel: { ...words, hideOverlap: true, interval: small ? 'auto' : 0 } },
    yAxis: { type: 'value', name: data.unit, nameTextStyle: { ...words, align: 'left' }, nameGap: 8, nameLocation: 'end', axisLabel: words, splitLine: { lineStyle: { color: token('line') } }, splitNumber: 4 },
    series,
  };
}

function draw(place) {
  const source = document.getElementById(place.dataset.gxChart);
  if (!source || place.dataset.gxDrawn) return;
  place.dataset.gxDrawn = '1';
  const data = JSON.parse(source.textContent);
  const chart = init(place, null, { renderer: 'svg' });
  const again = () => chart.setOption(options(data, place.clientWidth < 600), true);
  again();
  chart.on('click', event => {
    const url = data.series[event.seriesIndex]?.urls?.[event.dataIndex];
    if (url) location.assign(url);
  });
  new ResizeObserver(() => { chart.resize(); again(); }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme', 'class'] });
}

const all = () => document.querySelectorAll('[data-gx-chart]').forEach(draw);
addEventListener('DOMContentLoaded', all);
document.addEventListener('htmx:load', all);
