namespace Fairlead.Kubernetes.Yaml;

/// <summary>Splits the path of a field into names and indexes.</summary>
internal static class FieldPath
{
    public static IEnumerable<string> Split(string path)
    {
        var i = path.StartsWith('$') ? 1 : 0;
        while (i < path.Length)
        {
            if (path[i] == '.')
            {
                i++;
            }
            else if (path[i] == '[')
            {
                var quote = i + 1 < path.Length && path[i + 1] is '\'' or '"' ? path[i + 1].ToString() : "";
                var start = i + 1 + quote.Length;
                var end = path.IndexOf($"{quote}]", start, StringComparison.Ordinal);
                if (end < 0)
                    end = path.Length;

                yield return path[start..end];
                i = end + quote.Length + 1;
            }
            else
            {
                var end = path.AsSpan(i).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : i + end;
                yield return path[i..end];
                i = end;
            }
        }
    }
}
