"""The Celery application: tasks, their sweep and `manage.py read`. Here documents meet the reader."""
