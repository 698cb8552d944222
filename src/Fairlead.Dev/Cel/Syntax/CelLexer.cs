using System.Globalization;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Syntax;

/// <summary>Cuts an expression into tokens.</summary>
internal sealed class CelLexer(CelSource source)
{
    private static readonly string[] Operators =
        ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}"];

    private readonly string _text = source.Text;
    private int _at;

    public static List<CelToken> Read(CelSource source)
    {
        var lexer = new CelLexer(source);
        var tokens = new List<CelToken>();
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != CelTokenKind.End);
        return tokens;
    }

    private CelToken Next()
    {
        SkipBlanks();
        if (_at >= _text.Length)
            return new CelToken(CelTokenKind.End, "end of expression", _at);
        var start = _at;
        var first = _text[_at];
        if (char.IsAsciiDigit(first) || (first == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
            return Number(start);
        if (CelStringLiteral.StartsAt(_text, _at))
        {
            var (value, end) = CelStringLiteral.Read(source, _at);
            _at = end;
            return new CelToken(CelTokenKind.Literal, _text[start..end], start, value);
        }
        if (first == '_' || char.IsAsciiLetter(first))
            return Word(start);
        foreach (var symbol in Operators)
        {
            if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new CelToken(CelTokenKind.Operator, symbol, start);
            }
        }
        throw source.Error(start, $"syntax error: unexpected character '{Printable(start)}'");
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] is ' ' or '\t' or '\n' or '\r' or '\f')
                _at++;
            else if (string.CompareOrdinal(_text, _at, "//", 0, 2) == 0)
                _at = _text.IndexOf('\n', _at) is var end && end < 0 ? _text.Length : end;
            else
                return;
        }
    }

    private CelToken Word(int start)
    {
        while (_at < _text.Length && (_text[_at] == '_' || char.IsAsciiLetterOrDigit(_text[_at])))
            _at++;
        var word = _text[start.._at];
        return word switch
        {
            "true" => new CelToken(CelTokenKind.Literal, word, start, CelBool.True),
            "false" => new CelToken(CelTokenKind.Literal, word, start, CelBool.False),
            "null" => new CelToken(CelTokenKind.Literal, word, start, CelNull.Instance),
            "in" => new CelToken(CelTokenKind.Operator, word, start),
            _ => new CelToken(CelTokenKind.Identifier, word, start),
        };
    }

    private CelToken Number(int start)
    {
        var hex = _text[_at] == '0' && _at + 2 < _text.Length && _text[_at + 1] is 'x' or 'X' && char.IsAsciiHexDigit(_text[_at + 2]);
        if (hex)
        {
            _at += 2;
            SkipWhile(char.IsAsciiHexDigit);
        }
        var isDouble = !hex && Decimals();
        var digits = _text[start.._at];
        if (isDouble)
            return Token(start, double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? new CelDouble(real) : null);
        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!ulong.TryParse(hex ? digits[2..] : digits, style, CultureInfo.InvariantCulture, out var whole))
            throw source.Error(start, $"syntax error: the number {digits} does not fit 64 bits");
        if (_at < _text.Length && _text[_at] is 'u' or 'U')
        {
            _at++;
            return Token(start, new CelUint(whole));
        }
        const ulong MinimumMagnitude = 9223372036854775808;
        if (whole > MinimumMagnitude)
            throw source.Error(start, $"syntax error: the int {digits} does not fit 64 bits");
        return Token(start, whole == MinimumMagnitude ? null : new CelInt((long)whole));
    }

    private CelToken Token(int start, CelValue? value) => new(CelTokenKind.Literal, _text[start.._at], start, value);

    private bool Decimals()
    {
        SkipWhile(char.IsAsciiDigit);
        var real = false;
        if (_at + 1 < _text.Length && _text[_at] == '.' && char.IsAsciiDigit(_text[_at + 1]))
        {
            _at++;
            SkipWhile(char.IsAsciiDigit);
            real = true;
        }
        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            var digits = _at + 1 < _text.Length && _text[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
            if (digits < _text.Length && char.IsAsciiDigit(_text[digits]))
            {
                _at = digits;
                SkipWhile(char.IsAsciiDigit);
                real = true;
            }
        }
        return real;
    }

    private void SkipWhile(Func<char, bool> accepts)
    {
        while (_at < _text.Length && accepts(_text[_at]))
            _at++;
    }

    private string Printable(int position) =>
        char.IsControl(_text[position]) || char.IsSurrogate(_text[position])
            ? FormattableString.Invariant($"U+{(int)_text[position]:X4}")
            : _text[position].ToString();
}
