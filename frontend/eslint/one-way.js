/**
 * Imports point one way: app → features → components → lib → api → i18n → theme,
 * and no feature knows another. A folder may import itself and what stands to its right.
 */
import path from 'node:path';

const LAYERS = ['app', 'features', 'components', 'lib', 'api', 'i18n', 'theme'];

function place(file, root) {
  const [layer, feature] = path.relative(root, file).split(path.sep);
  return { rank: LAYERS.indexOf(layer), layer, feature };
}

function target(source, file, root) {
  if (source.startsWith('@/')) return path.join(root, source.slice(2));
  if (source.startsWith('.')) return path.resolve(path.dirname(file), source);
  return null;
}

function complaint(from, to) {
  if (from.rank < 0 || to.rank < 0) return null;
  if (to.rank < from.rank) return 'upwards';
  const stranger = from.layer === 'features' && to.layer === 'features';
  return stranger && from.feature !== to.feature ? 'sideways' : null;
}

export const oneWay = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      upwards: "'{{from}}' may not import '{{to}}': imports go app → features → components → lib → api → i18n → theme.",
      sideways: "Feature '{{from}}' may not import feature '{{to}}': move what they share to components, lib or api.",
    },
  },
  create(context) {
    const root = path.join(context.cwd, 'src');
    const from = place(context.filename, root);
    function check(node) {
      if (typeof node.source?.value !== 'string') return;
      const file = target(node.source.value, context.filename, root);
      if (file === null) return;
      const to = place(file, root);
      const messageId = complaint(from, to);
      if (messageId === null) return;
      const name = messageId === 'upwards' ? 'layer' : 'feature';
      context.report({ node, messageId, data: { from: from[name], to: to[name] } });
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
