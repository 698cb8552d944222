using System.Text.Json;

namespace Fairlead.Kubernetes.Drift;

/// <summary>
/// Finds what server-side apply cannot say: a container with two environment variables of one name. Kubernetes allows it, and the
/// last one counts; but apply takes the name for a key and refuses the object.
/// </summary>
internal static class RepeatedVariables
{
    public static bool AreIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member => (member.Name == "env" && Repeats(member.Value)) || AreIn(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(AreIn),
        _ => false,
    };

    private static bool Repeats(JsonElement variables)
    {
        if (variables.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var names = new HashSet<string?>(StringComparer.Ordinal);
        return variables.EnumerateArray().Any(variable =>
            variable.ValueKind == JsonValueKind.Object && variable.TryGetProperty("name", out var name) && !names.Add(name.GetString()));
    }
}
