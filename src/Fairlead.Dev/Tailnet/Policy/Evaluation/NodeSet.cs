namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>A set of devices, by their position in the list a policy was resolved for.</summary>
internal sealed class NodeSet(int count)
{
    private readonly ulong[] _words = new ulong[(count + 63) / 64];

    public bool this[int index] => (_words[index >> 6] & (1UL << (index & 63))) != 0;

    public void Add(int index) => _words[index >> 6] |= 1UL << (index & 63);

    public void Remove(int index) => _words[index >> 6] &= ~(1UL << (index & 63));

    public void AddAll(NodeSet others)
    {
        for (var i = 0; i < _words.Length; i++) _words[i] |= others._words[i];
    }
}
