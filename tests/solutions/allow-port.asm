        btr     [bitmap], edx
        ret
