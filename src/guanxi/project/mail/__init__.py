"""Outgoing mail: where the settings are kept, and the backend through which every mail of the product leaves.

The settings are the installation's: GUANXI_SMTP_URL where the provider sets it, else what the administrator
of the only company entered at /settings/mail/.
"""
