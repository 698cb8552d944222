using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Fairlead.Kubernetes.Observability;

/// <summary>The tags that tell one series of an instrument from another, whatever their order.</summary>
internal sealed class TagSet
{
    private TagSet(ImmutableArray<KeyValuePair<string, string>> tags, int hash)
    {
        Tags = tags;
        Hash = hash;
    }

    /// <summary>Ordered by name.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Tags { get; }

    private int Hash { get; }

    /// <summary>Looks series up by the tags of a measurement without making a <see cref="TagSet"/> of them first.</summary>
    public sealed class Comparer : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
    {
        public static Comparer Instance { get; } = new();

        public bool Equals(TagSet? x, TagSet? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.Tags.SequenceEqual(y.Tags));

        public int GetHashCode([DisallowNull] TagSet obj) => obj.Hash;

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
        {
            if (alternate.Length != other.Tags.Length)
            {
                return false;
            }

            foreach (var (name, value) in other.Tags)
            {
                var found = false;
                foreach (var tag in alternate)
                {
                    found |= tag.Key == name && Text(tag.Value) == value;
                }

                if (!found)
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = alternate.Length;
            foreach (var tag in alternate)
            {
                // A sum, because the order of tags must not matter.
                hash += HashCode.Combine(tag.Key, Text(tag.Value));
            }

            return hash;
        }

        public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var tags = new List<KeyValuePair<string, string>>(alternate.Length);
            foreach (var tag in alternate)
            {
                tags.Add(new(tag.Key, Text(tag.Value)));
            }

            tags.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
            return new TagSet([.. tags], GetHashCode(alternate));
        }

        private static string Text(object? value) => value switch
        {
            string text => text,
            null => "",
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
    }
}
