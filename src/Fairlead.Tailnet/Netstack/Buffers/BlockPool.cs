namespace Fairlead.Tailnet.Netstack.Buffers;

/// <summary>
/// Blocks of stream buffers, shared by all stacks of the process, so that many idle nodes hold none. What is free is given back to the
/// garbage collector when it is not asked for.
/// </summary>
internal sealed class BlockPool
{
    /// <summary>Several full-sized segments, yet little for a connection that has but a few bytes to keep.</summary>
    public const int BlockSize = 8 * 1024;

    // Two full windows of 4 MiB in each direction; beyond that the garbage collector serves as pool.
    private const int MostFree = 2048;

    private readonly Lock _gate = new();
    private byte[][] _free = [];
    private int _count;
    private int _lowest;

    public static BlockPool Shared { get; } = new();

    public byte[] Rent()
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                var block = _free[--_count];
                _free[_count] = null!;
                _lowest = Math.Min(_lowest, _count);
                return block;
            }
        }

        return GC.AllocateUninitializedArray<byte>(BlockSize);
    }

    public void Return(byte[] block)
    {
        lock (_gate)
        {
            if (_count == MostFree)
            {
                return;
            }

            if (_count == _free.Length)
            {
                Array.Resize(ref _free, Math.Max(16, 2 * _count));
            }

            _free[_count++] = block;
        }
    }

    /// <summary>Lets go of what was free all the time since the last call.</summary>
    /// <returns>Whether blocks are left, so that another call is due.</returns>
    public bool Trim()
    {
        lock (_gate)
        {
            var surplus = _lowest;
            for (var i = 0; i < surplus; i++)
            {
                _free[--_count] = null!;
            }

            if (_count == 0)
            {
                _free = [];
            }

            _lowest = _count;
            return _count > 0;
        }
    }
}
