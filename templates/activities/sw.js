importScripts("{{ worker }}");
self.SHELL = {{ shell|safe }};
