; not yet: The words of VM 2 are not among them
        out     dx, al
        ret
