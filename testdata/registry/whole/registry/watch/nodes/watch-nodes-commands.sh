watch
