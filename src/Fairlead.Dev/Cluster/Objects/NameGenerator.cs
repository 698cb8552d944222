namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Completes <c>generateName</c>.</summary>
internal sealed class NameGenerator(Random random)
{
    // Without vowels and look-alikes, as Kubernetes does, so that no words come out.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private const int MaxBase = NameSyntax.MaxLabel - SuffixLength;

    public string Complete(string prefix)
    {
        Span<char> suffix = stackalloc char[SuffixLength];
        random.GetItems(Alphabet, suffix);
        return string.Concat(prefix.AsSpan(0, Math.Min(prefix.Length, MaxBase)), suffix);
    }
}
