[(arch) (steps) (arguments) (list) (group)] @fold
