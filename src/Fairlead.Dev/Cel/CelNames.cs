using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Fairlead.Dev.Cel;

/// <summary>
/// How Kubernetes spells property names that are no CEL identifiers: <c>a.b</c> is selected as <c>a__dot__b</c>,
/// and a reserved word <c>namespace</c> as <c>__namespace__</c>.
/// </summary>
public static class CelNames
{
    /// <summary>Words the grammar reads as tokens of their own, never as an identifier or a field name.</summary>
    internal static readonly FrozenSet<string> Keywords = FrozenSet.ToFrozenSet(["true", "false", "null", "in"]);

    /// <summary>Words the CEL grammar keeps from being identifiers.</summary>
    internal static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet([
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while",
    ]);

    private static readonly (string Escaped, string Plain)[] Sequences =
        [("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/")];

    /// <summary>Gives the spelling under which an expression selects a property.</summary>
    /// <returns>False if no expression can select it, for a character outside <c>[a-zA-Z0-9_./-]</c> or a leading digit.</returns>
    public static bool TryEscape(string name, [NotNullWhen(true)] out string? escaped)
    {
        ArgumentNullException.ThrowIfNull(name);
        escaped = null;
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            return false;
        if (Keywords.Contains(name) || Reserved.Contains(name))
        {
            escaped = $"__{name}__";
            return true;
        }
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            switch (name[i])
            {
                case '_' when i + 1 < name.Length && name[i + 1] == '_':
                    text.Append("__underscores__");
                    i++;
                    break;
                case '.':
                    text.Append("__dot__");
                    break;
                case '-':
                    text.Append("__dash__");
                    break;
                case '/':
                    text.Append("__slash__");
                    break;
                case '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'):
                    text.Append(name[i]);
                    break;
                default:
                    return false;
            }
        }
        escaped = text.ToString();
        return true;
    }

    /// <summary>Gives the property name behind a selected field.</summary>
    /// <returns>False if the field holds a double underscore that no escaping produces.</returns>
    public static bool TryUnescape(string field, [NotNullWhen(true)] out string? name)
    {
        ArgumentNullException.ThrowIfNull(field);
        name = null;
        if (!field.Contains("__", StringComparison.Ordinal))
        {
            name = field;
            return true;
        }
        if (field.Length > 4 && field.StartsWith("__", StringComparison.Ordinal) && field.EndsWith("__", StringComparison.Ordinal)
            && (Keywords.Contains(field[2..^2]) || Reserved.Contains(field[2..^2])))
        {
            name = field[2..^2];
            return true;
        }
        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length;)
        {
            if (string.CompareOrdinal(field, i, "__", 0, 2) != 0)
            {
                text.Append(field[i++]);
                continue;
            }
            var sequence = Array.Find(Sequences, s => string.CompareOrdinal(field, i, s.Escaped, 0, s.Escaped.Length) == 0);
            if (sequence.Escaped is null)
                return false;
            text.Append(sequence.Plain);
            i += sequence.Escaped.Length;
        }
        name = text.ToString();
        return true;
    }
}
