"""Lists in Excel on their way in: read and judged, kept aside with every remark, accepted by a second officer, never twice."""
