using System.Text;

namespace Fairlead.Dev.Runner.Environments;

/// <summary>Replaces <c>$(NAME)</c> by the variable's value; <c>$$</c> stands for <c>$</c>, and unknown names stay as they are.</summary>
internal static class VariableExpansion
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        var expanded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                expanded.Append(text[i]);
            }
            else if (text[i + 1] == '$')
            {
                expanded.Append('$');
                i++;
            }
            else if (text[i + 1] == '(' && text.IndexOf(')', i) is var end and > 0)
            {
                expanded.Append(variables.TryGetValue(text[(i + 2)..end], out var value) ? value : text[i..(end + 1)]);
                i = end;
            }
            else
            {
                expanded.Append('$');
            }
        }

        return expanded.ToString();
    }
}
