using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Drift;

/// <summary>
/// Compares a desired object with an observed one. Desired fields must be there with their values; in exclusive parts nothing
/// but server defaults may stand beside them.
/// </summary>
internal static class DriftDetector
{
    /// <param name="isKnownDefault">Whether a surplus field, named by pattern, is known to come from the server.</param>
    public static DriftReport Compare(
        JsonElement desired,
        JsonElement observed,
        ImmutableArray<string> exclusivePaths,
        Func<string, bool> isKnownDefault)
    {
        var walk = new Walk(exclusivePaths, isKnownDefault);
        walk.Objects(desired, observed, "", "", exclusive: false);
        return walk.Different || walk.Surplus.Count > 0 ? new DriftReport(walk.Different, walk.Surplus.ToImmutable()) : DriftReport.None;
    }

    private sealed class Walk(ImmutableArray<string> exclusivePaths, Func<string, bool> isKnownDefault)
    {
        public bool Different { get; private set; }

        public ImmutableArray<SurplusField>.Builder Surplus { get; } = ImmutableArray.CreateBuilder<SurplusField>();

        public void Objects(JsonElement desired, JsonElement observed, string pointer, string pattern, bool exclusive)
        {
            foreach (var member in desired.EnumerateObject())
            {
                if (pattern.Length == 0 && member.Name is ("apiVersion" or "kind"))
                {
                    // Servers leave them out of the items of lists.
                    continue;
                }

                // The server stores and returns an absent field for an empty one.
                if (!observed.TryGetProperty(member.Name, out var found))
                {
                    Different |= !IsEmpty(member.Value);
                    continue;
                }

                var name = Escape(member.Name);
                Values(member.Value, found, $"{pointer}/{name}", $"{pattern}/{name}", exclusive);
            }

            if (!exclusive)
            {
                // Labels that should not be there at all: the exclusive part itself is absent from the desired object.
                foreach (var path in exclusivePaths)
                {
                    var (parent, last) = Split(path);
                    if (parent == pattern && !desired.TryGetProperty(last, out _) && observed.TryGetProperty(last, out var extra))
                    {
                        Add(last, extra, pointer, pattern);
                    }
                }

                return;
            }

            foreach (var member in observed.EnumerateObject())
            {
                if (!desired.TryGetProperty(member.Name, out _))
                {
                    Add(member.Name, member.Value, pointer, pattern);
                }
            }
        }

        private void Values(JsonElement desired, JsonElement observed, string pointer, string pattern, bool exclusive)
        {
            exclusive |= exclusivePaths.Contains(pattern);
            if (desired.ValueKind == JsonValueKind.Object && observed.ValueKind == JsonValueKind.Object)
            {
                Objects(desired, observed, pointer, pattern, exclusive);
            }
            else if (desired.ValueKind == JsonValueKind.Array && observed.ValueKind == JsonValueKind.Array)
            {
                Lists(desired, observed, pointer, pattern, exclusive);
            }
            else if (!JsonElement.DeepEquals(desired, observed) && !AreEqualQuantities(desired, observed, pattern))
            {
                Different = true;
            }
        }

        private void Lists(JsonElement desired, JsonElement observed, string pointer, string pattern, bool exclusive)
        {
            if (desired.GetArrayLength() != observed.GetArrayLength())
            {
                Different = true;
                if (exclusive && observed.GetArrayLength() > desired.GetArrayLength())
                {
                    Surplus.Add(new SurplusField(pointer, pattern, desired));
                }

                return;
            }

            var position = 0;
            foreach (var (want, got) in desired.EnumerateArray().Zip(observed.EnumerateArray()))
            {
                Values(want, got, string.Create(CultureInfo.InvariantCulture, $"{pointer}/{position++}"), $"{pattern}/*", exclusive);
            }
        }

        private void Add(string name, JsonElement value, string pointer, string pattern)
        {
            var escaped = Escape(name);
            if (!ServerDefaults.Contain(name, value) && !isKnownDefault($"{pattern}/{escaped}"))
            {
                Surplus.Add(new SurplusField($"{pointer}/{escaped}", $"{pattern}/{escaped}", Desired: null));
            }
        }

        /// <summary>Servers write the quantities of resources in a form of their own: 1000m becomes 1.</summary>
        private static bool AreEqualQuantities(JsonElement desired, JsonElement observed, string pattern) =>
            (pattern.Contains("/resources/requests/", StringComparison.Ordinal) || pattern.Contains("/resources/limits/", StringComparison.Ordinal))
            && desired.ValueKind == JsonValueKind.String
            && observed.ValueKind == JsonValueKind.String
            && Quantity.TryParse(desired.GetString(), out var wanted)
            && Quantity.TryParse(observed.GetString(), out var found)
            && wanted == found;

        private static bool IsEmpty(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Null => true,
            _ => false,
        };

        private static (string Parent, string Last) Split(string path)
        {
            var slash = path.LastIndexOf('/');
            return (path[..slash], path[(slash + 1)..]);
        }

        // RFC 6901.
        private static string Escape(string name) =>
            name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }
}
