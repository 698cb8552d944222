using System.Numerics;

namespace Fairlead.Tailnet.WireGuard.Routing;

/// <summary>
/// Values of single addresses: a hash table of 24 bytes per slot, at most three in four of them used. Read without a lock; changed by
/// one thread at a time.
/// </summary>
internal sealed class HostTable<T>
    where T : class
{
    private const int MinSize = 8;

    private Slot[] _slots = [];
    private int _used;
    private int _count;

    /// <param name="address">Not zero, which marks a slot that was never used.</param>
    public T? Find(UInt128 address)
    {
        var slots = Volatile.Read(ref _slots);
        if (slots.Length == 0)
        {
            return null;
        }

        ref var slot = ref SlotOf(slots, address, out var value);
        return slot.Is(address) ? value : null;
    }

    public void Set(UInt128 address, T value)
    {
        if (4 * (_used + 1) > 3 * _slots.Length)
        {
            Rebuild(_count + 1);
        }

        ref var slot = ref SlotOf(_slots, address, out var before);
        if (!slot.Is(address))
        {
            slot.Address(address);
            _used++;
        }

        // Last: who reads the value sees the address too.
        Volatile.Write(ref slot.Value, value);
        _count += before is null ? 1 : 0;
    }

    /// <summary>Takes the address away, if it has this value.</summary>
    public void Remove(UInt128 address, T value)
    {
        if (!ReferenceEquals(Find(address), value))
        {
            return;
        }

        // The slot keeps its address, since others may have been put behind it.
        Volatile.Write(ref SlotOf(_slots, address, out _).Value, null);
        _count--;
        if (_slots.Length > MinSize && _count < _slots.Length / 8)
        {
            Rebuild(_count);
        }
    }

    /// <summary>The slot with the address, or else the free one where it belongs.</summary>
    private static ref Slot SlotOf(Slot[] slots, UInt128 address, out T? value)
    {
        // Of the process's random seed, so that nobody can choose addresses that collide.
        var index = address.GetHashCode();
        while (true)
        {
            ref var slot = ref slots[index & (slots.Length - 1)];
            value = Volatile.Read(ref slot.Value);
            if (slot.Is(address) || (value is null && slot.IsUnused))
            {
                return ref slot;
            }

            index++;
        }
    }

    private void Rebuild(int count)
    {
        var slots = new Slot[Math.Max(MinSize, (int)BitOperations.RoundUpToPowerOf2((uint)count * 2))];
        foreach (ref readonly var old in _slots.AsSpan())
        {
            if (old.Value is { } value)
            {
                ref var slot = ref SlotOf(slots, old.Key, out _);
                slot.Address(old.Key);
                slot.Value = value;
            }
        }

        _used = _count;
        Volatile.Write(ref _slots, slots);
    }

    /// <summary>The address is written once, before the first value; two halves, as the number would be aligned to 16 bytes.</summary>
    private struct Slot
    {
        public T? Value;
        private ulong _upper;
        private ulong _lower;

        public readonly UInt128 Key => new(_upper, _lower);

        public readonly bool IsUnused => (_upper | _lower) == 0;

        public readonly bool Is(UInt128 address) => _lower == (ulong)address && _upper == (ulong)(address >> 64);

        public void Address(UInt128 address)
        {
            _upper = (ulong)(address >> 64);
            _lower = (ulong)address;
        }
    }
}
