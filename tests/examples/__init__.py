"""The published examples do what their pages say."""
