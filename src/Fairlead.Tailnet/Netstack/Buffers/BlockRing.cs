namespace Fairlead.Tailnet.Netstack.Buffers;

/// <summary>
/// A window over a stream of bytes, made of blocks that exist only where bytes were written. Offsets count from the window's beginning.
/// Not safe for several threads.
/// </summary>
internal struct BlockRing
{
    private const int BlockSize = BlockPool.BlockSize;

    private byte[]?[]? _blocks;
    private int _first;
    private int _used;
    private int _skip;

    public readonly bool IsCleared => _blocks is null;

    /// <summary>Blocks that are rented.</summary>
    public int BlockCount { get; private set; }

    /// <summary>The bytes from an offset to the end of their block. The block must have been written to.</summary>
    public readonly Span<byte> Read(int offset)
    {
        var position = offset + _skip;
        return _blocks![(_first + (position / BlockSize)) & (_blocks.Length - 1)].AsSpan(position % BlockSize);
    }

    /// <summary>As <see cref="Read"/>, and creates the block if need be.</summary>
    public Span<byte> Write(int offset)
    {
        var position = offset + _skip;
        var index = position / BlockSize;
        if (_blocks is null || index >= _blocks.Length)
        {
            Grow(index + 1);
        }

        _used = Math.Max(_used, index + 1);
        ref var block = ref _blocks![(_first + index) & (_blocks.Length - 1)];
        if (block is null)
        {
            block = BlockPool.Shared.Rent();
            BlockCount++;
        }

        return block.AsSpan(position % BlockSize);
    }

    /// <summary>Moves the window's beginning forward; blocks left behind go back to the pool.</summary>
    public void Advance(int count)
    {
        if (_blocks is null)
        {
            return;
        }

        _skip += count;
        while (_skip >= BlockSize)
        {
            _skip -= BlockSize;
            Drop();
        }
    }

    /// <summary>Gives all blocks back; the window's bytes are lost. What is left is a small list of blocks to come.</summary>
    public void Empty()
    {
        while (_used > 0)
        {
            Drop();
        }

        _first = 0;
        _skip = 0;
    }

    /// <summary>As <see cref="Empty"/>, and the list goes as well.</summary>
    public void Clear()
    {
        Empty();
        _blocks = null;
    }

    private void Drop()
    {
        if (_used == 0)
        {
            return;
        }

        ref var block = ref _blocks![_first];
        if (block is not null)
        {
            BlockPool.Shared.Return(block);
            block = null;
            BlockCount--;
        }

        _first = (_first + 1) & (_blocks.Length - 1);
        _used--;
    }

    private void Grow(int needed)
    {
        var length = _blocks?.Length ?? 2;
        while (length < needed)
        {
            length *= 2;
        }

        var grown = new byte[]?[length];
        for (var i = 0; i < _used; i++)
        {
            grown[i] = _blocks![(_first + i) & (_blocks.Length - 1)];
        }

        _blocks = grown;
        _first = 0;
    }
}
